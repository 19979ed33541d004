/** The file of the program that reads the logs. */
export const RESULTS_FILE = 'results.jq';

/**
 * Reads logs of the client, for jq 1.6 or newer: `before`, and `after` if it is given, each with one run or several.
 * A table, or with `--arg as csv` a line for each figure of each run. What failed, was cut off or is missing on one side is named, never a figure.
 */
export const RESULTS = String.raw`# Logs of the network benchmark as a table, or with --arg as csv as CSV. Of several runs, the median counts, and the spread is said.
# jq --null-input --raw-output --rawfile before before.log --rawfile after after.log --from-file results.jq

# The lines of a log: what was cut off is an entry with an error.
def entries:
  split("\n") | map(select(startswith("{")) | . as $line |
    (try fromjson catch {error: "not readable, cut off after \($line | length) bytes"}) |
    if type == "object" then . else {error: "not readable"} end);

def positive: select(type == "number" and . >= 0);

# A figure; nothing if the tool did not tell it.
def figure($measure; $unit; $better; f): (f | positive) as $value |
  {measure: $measure, unit: $unit, better: $better, value: $value};

def mean: if length == 0 then empty else add / length end;

def throughput($measure; f): figure($measure; "Gbit/s"; "more"; f.bits_per_second // empty | . / 1e9);

# What iperf3 measured.
def iperf:
  .["end"] as $sums |
  if ($sums | type) != "object" then empty
  elif $sums.sum_received_bidir_reverse != null then
    throughput("throughput out"; $sums.sum_received),
    throughput("throughput in"; $sums.sum_received_bidir_reverse),
    figure("retransmits"; "segments"; "less"; [$sums.sum_sent, $sums.sum_sent_bidir_reverse] | map(.retransmits // empty) | add)
  elif .start.test_start.protocol == "UDP" then
    throughput("throughput"; $sums.sum_received // $sums.sum),
    figure("loss"; "%"; "less"; ($sums.sum_received // $sums.sum).lost_percent),
    figure("jitter"; "ms"; "less"; ($sums.sum_received // $sums.sum).jitter_ms)
  else
    throughput("throughput"; $sums.sum_received),
    figure("retransmits"; "segments"; "less"; $sums.sum_sent.retransmits),
    figure("round trip under load"; "us"; "less"; [$sums.streams[]?.sender.mean_rtt // empty | select(. > 0)] | mean)
  end;

# What netperf measured.
def netperf:
  figure("mean"; "us"; "less"; .MEAN_LATENCY),
  figure("median"; "us"; "less"; .P50_LATENCY),
  figure("90th percentile"; "us"; "less"; .P90_LATENCY),
  figure("99th percentile"; "us"; "less"; .P99_LATENCY),
  figure("transactions"; "1/s"; "more"; .TRANSACTION_RATE);

# Why an entry has no figures.
def problem: .error // .iperf3.error? // (if [.netperf, .iperf3] == [null, null] then "nothing measured" else empty end);

# Figures of a log, and errors, each with what it belongs to.
def rows($run):
  entries | .[] | . as $entry | {run: $run, path: (.path // "?"), test: (.test // "?"), time: (.time // ""), node: (.node // "")} as $of |
  [problem] as $errors |
  if $errors != [] then $of + {error: ($errors[0] | tostring)}
  else
    [try (if .netperf then .netperf | netperf else .iperf3 | iperf end) catch empty] as $figures |
    if $figures == [] then $of + {error: "no figures"} else $figures[] | $of + . end
  end;

def median: sort | if length % 2 == 1 then .[(length - 1) / 2] else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# Three digits.
def short:
  if . == 0 then "0" else (fabs | log10 | floor) as $e | (. * pow(10; 2 - $e) | round) | . / pow(10; 2 - $e) |
  if fabs >= 100 then round else . end | tostring end;

def side: if . == [] then "-" elif length == 1 then median | short else "\(median | short) (\(min | short) to \(max | short))" end;

def change($before; $after):
  if $before == [] or $after == [] then "-"
  else ($before | median) as $b | ($after | median) as $a |
    if $b == 0 then (if $a == 0 then "0 %" else "from 0" end)
    else (($a - $b) / $b * 1000 | round / 10 + 0) as $c | if $c == 0 then "0 %" else (if $c > 0 then "+" else "" end) + "\($c) %" end end
  end;

# Whether all runs of one side are better than all of the other. Of three runs each, one figure in ten is so by chance; of five, one in a hundred.
def verdict($better; $before; $after):
  if $before == [] or $after == [] then "missing"
  elif ($before | length) < 3 or ($after | length) < 3 then "too few runs"
  elif ($before | max) < ($after | min) then (if $better == "more" then "better" else "worse" end)
  elif ($before | min) > ($after | max) then (if $better == "more" then "worse" else "better" end)
  else "within the spread" end;

def padded: . as $rows | ([$rows[0] | range(length)] | map(. as $i | $rows | map(.[$i] | length) | max)) as $widths |
  $rows[] | [range(length) as $i | .[$i] + (" " * ($widths[$i] - (.[$i] | length)) // "")] | join("  ") | sub(" +$"; "");

def table($rows; $compared):
  def values($run): map(select(.run == $run).value);
  ($rows | map(select(.measure)) | group_by([.path, .test, .measure]) ) as $groups |
  ($rows | map("\(.path) \(.test) \(.measure)")) as $order |
  [["path", "test", "measure", "unit"] + (if $compared then ["before", "after", "change", "verdict"] else ["result"] end)] +
  ($groups | sort_by(.[0] | "\(.path) \(.test) \(.measure)" as $key | $order | index($key)) | map(
    values("before") as $before | values("after") as $after |
    [.[0].path, .[0].test, .[0].measure, .[0].unit] +
    if $compared then [($before | side), ($after | side), change($before; $after), verdict(.[0].better; $before; $after)]
    else [$before | side] end)) |
  padded;

def failures($rows):
  $rows | map(select(.error)) | if . == [] then empty else "", "failed:", (.[] | "\(.run) \(.path) \(.test): \(.error)") end;

# A change of nodes changes results by itself.
def moved($rows):
  ($rows | map(select(.node != "").node) | unique) as $nodes |
  if ($nodes | length) > 1 then "", "The client ran on \($nodes | join(", ")): runs on different nodes do not compare." else empty end;

# Of one run, nobody can tell a change from chance.
def few($compared):
  if $compared and any(map(select(.measure)) | group_by([.run, .path, .test, .measure])[]; length < 3)
  then "", "Fewer than three runs are no proof: run it three to five times before and after, into one file each." else empty end;

# Whether TCP sent what it was allowed to: then the bound is what was measured.
def bounded:
  (.iperf3 | objects) as $iperf | ($iperf.start.target_bitrate? // 0) as $bits | ($iperf.start.test_start.num_streams? // 1) as $streams |
  $bits > 0 and $iperf.start.test_start.protocol == "TCP" and (($iperf["end"].sum_received.bits_per_second? // 0) >= 0.97 * $bits * $streams);

def bounds($log):
  [$log | entries | .[] | select(bounded) | "\(.path) \(.test)"] | unique | if . == [] then empty else
  "", "At the bound that megabitsPerSecond sets, so the network may carry more: \(join(", "))." end;

$ARGS.named as $given |
([($given.before | rows("before")), ($given.after // "" | rows("after"))]) as $rows |
if $rows == [] then "no results\n" | halt_error
elif $given.as == "csv" then
  (["run", "time", "path", "test", "measure", "unit", "value", "error"],
   ($rows[] | [.run, .time, .path, .test, .measure // "", .unit // "", .value // "", .error // ""])) | @csv
else table($rows; $given.after != null), failures($rows), ($rows | few($given.after != null)), moved($rows), bounds($given.before + ($given.after // ""))
end
`;
