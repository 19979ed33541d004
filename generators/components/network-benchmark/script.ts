/** The file of the client's script. */
export const SCRIPT_FILE = 'client.sh';

/** The six tests, in the order in which the script runs them. */
export const TESTS = ['latency', 'tcp', 'tcp-reverse', 'tcp-bidirectional', 'tcp-parallel', 'udp'] as const;

/** Seconds that a test may take beyond its duration, for its start and end. */
export const GRACE_SECONDS = 20;

/** Ports of the servers: iperf3, and netserver's for control and data. Upstream: the defaults of both; netperf's data port is any by default. */
export const PORTS = { iperf: 5201, control: 12_865, data: 12_866 } as const;

/**
 * The client, for bash with coreutils, netperf and iperf3. Latency comes first, as the other tests fill queues. Tests run one after another, and each
 * logs one line of JSON: what the tool said, or the error. iperf3 says in its JSON that it failed, and ends with code 0 all the same. Settings are
 * variables of the environment.
 */
export const SCRIPT = String.raw`#!/usr/bin/env bash
# Client of the network benchmark: six tests to each server, one after another. Each logs one line of JSON.
set -uo pipefail

errors=$(mktemp)
failed=0

# text TEXT: a text as a string of JSON.
text() {
  printf '"%s"' "$(tr '\000-\037\177' ' ' <<<"$1" | sed 's/\\/\\\\/g; s/"/\\"/g; s/ *$//')"
}

# entry TEST KEY JSON: logs a line.
entry() {
  printf '{"time":"%s","path":"%s","test":"%s","node":%s,"seconds":%d,"%s":%s}\n' \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$path" "$1" "$(text "$NODE")" "$TEST_SECONDS" "$2" "$3"
}

# failure TEST TEXT: logs an error.
failure() {
  failed=1
  entry "$1" error "$(text "$2")"
}

# bounded COMMAND...: runs a command that ends in time; what it says on standard error is kept.
bounded() {
  timeout --kill-after=5 "$((TEST_SECONDS + GRACE_SECONDS))" "$@" 2>"$errors"
}

# iperf TEST OPTION...: a test with iperf3.
iperf() {
  local test=$1 output code
  shift
  output=$(bounded iperf3 --client "$host" --port "$IPERF_PORT" --time "$TEST_SECONDS" --interval 0 --json "$@")
  code=$?
  output=$(tr -s ' \t\r\n' ' ' <<<"$output")
  if [[ $output == '{'*'} ' ]]; then
    if grep -q '"error":' <<<"$output"; then failed=1; fi
    entry "$test" iperf3 "$output"
  else
    failure "$test" "iperf3 ended with code $code: $(tail -n 1 "$errors")"
  fi
}

# latency: requests of one byte and their answers, one at a time, with netperf.
latency() {
  local output code members
  output=$(bounded netperf -H "$host" -p "$CONTROL_PORT" -l "$TEST_SECONDS" -t TCP_RR -- -P ",$DATA_PORT" -r 1,1 \
    -k MIN_LATENCY,MEAN_LATENCY,P50_LATENCY,P90_LATENCY,P99_LATENCY,MAX_LATENCY,TRANSACTION_RATE)
  code=$?
  members=$(sed -n 's/^\([A-Z0-9_]*\)=\([0-9][0-9.]*\)$/"\1":\2/p' <<<"$output" | paste -s -d , -)
  if [ "$code" -eq 0 ] && [ -n "$members" ]; then
    entry latency netperf "{$members}"
  else
    failure latency "netperf ended with code $code: $(tail -n 1 "$errors") $(tail -n 1 <<<"$output")"
  fi
}

# reachable: waits for the server's two programs.
reachable() {
  local end=$((SECONDS + WAIT_SECONDS)) port
  for port in "$CONTROL_PORT" "$IPERF_PORT"; do
    until timeout 2 bash -c ": <>/dev/tcp/$host/$port" 2>/dev/null; do
      [ "$SECONDS" -lt "$end" ] || return 1
      sleep 2
    done
  done
}

for path in $BENCHMARK_PATHS; do
  host=$SERVER_PREFIX$path
  if ! reachable; then
    failure all "no server at $host within $WAIT_SECONDS seconds: is its pod Pending, for want of such a node?"
    continue
  fi
  bits=$((MEGABITS * 1000000))
  latency
  iperf tcp --bitrate "$bits"
  iperf tcp-reverse --bitrate "$bits" --reverse
  iperf tcp-bidirectional --bitrate "$bits" --bidir
  iperf tcp-parallel --bitrate "$((bits / STREAMS))" --parallel "$STREAMS"
  iperf udp --udp --bitrate "$((UDP_MEGABITS * 1000000))"
done
exit "$failed"
`;
