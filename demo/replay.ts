import { remoteWrite, type WrittenSeries } from '../bench/remote-write.ts';
import type { RangeSeries } from '../bench/prometheus-api.ts';
import type { Prometheus } from '../bench/process/prometheus.ts';
import { alertSeries, templatedLabels } from './replay/alerting.ts';
import { evaluate } from './replay/range.ts';
import { recordedSeries, type Steps, stepsWithin } from './replay/recording.ts';
import { rounded } from './replay/rounding.ts';
import { groupsInOrder, isRecordingData, type ReplayGroup, type RuleData } from './replay/rule-files.ts';
import { messageOf } from './message.ts';

/** What to replay, on which Prometheus, over which Unix times in seconds. */
export interface ReplayOptions {
  readonly prometheus: Pick<Prometheus, 'url' | 'range'>;
  readonly rules: Readonly<Record<string, string>>;
  readonly from: number;
  readonly until: number;
  readonly signal: AbortSignal;
  /** What was recorded before `from`, if anything. */
  readonly past?: Past;
  /** Told what cannot be replayed exactly. */
  readonly log: (text: string) => void;
}

/** Records of the time before a replay, for rules that look back for weeks. */
export interface Past {
  /** From when on a rule is evaluated, if earlier than the others. */
  from(record: string): number | undefined;
  /** What is written beside the answers of a rule. */
  before(record: string, answers: readonly RangeSeries[]): readonly WrittenSeries[];
}

/** How much was written. */
export interface Replayed {
  readonly rules: number;
  readonly samples: number;
}

/** Samples of a request; Prometheus takes a few megabytes at once with ease. */
const BATCH = 200_000;

/**
 * Evaluates the rules over the past, rule by rule, and writes what they would have stored. Rules of a group are evaluated in
 * order, groups after those that they read, and side by side otherwise.
 * @throws Error that names the rule whose query fails.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const done = new Map<ReplayGroup, Promise<Replayed>>();
  for (const { group, after } of groupsInOrder(options.rules)) {
    const before = after.flatMap((other) => done.get(other) ?? []);
    done.set(
      group,
      Promise.all(before).then(() => replayGroup(options, group)),
    );
  }
  const groups = await Promise.all(done.values());
  return {
    rules: groups.reduce((sum, { rules }) => sum + rules, 0),
    samples: groups.reduce((sum, { samples }) => sum + samples, 0),
  };
}

async function replayGroup(options: ReplayOptions, group: ReplayGroup): Promise<Replayed> {
  let samples = 0;
  for (const rule of group.rules) {
    options.signal.throwIfAborted();
    const from = isRecordingData(rule) ? (options.past?.from(rule.record) ?? options.from) : options.from;
    samples += await replayRule(options, group, rule, stepsWithin(from, options.until, group.interval));
  }
  return { rules: group.rules.length, samples };
}

async function replayRule(
  { prometheus, past, log }: ReplayOptions,
  group: ReplayGroup,
  rule: RuleData,
  steps: Steps,
): Promise<number> {
  const name = isRecordingData(rule) ? rule.record : rule.alert;
  try {
    const answers = await evaluate(prometheus, rule.expr, steps);
    if (!isRecordingData(rule)) {
      const templated = templatedLabels(rule);
      if (templated.length > 0)
        log(`alert ${name}: history shows the templates of ${templated.join(', ')} as they are`);
    }
    if (!isRecordingData(rule)) return await writeInBatches(prometheus.url, alertSeries(rule, answers, steps));
    const kept = rounded(answers);
    const before = past?.before(rule.record, kept) ?? [];
    return await writeInBatches(prometheus.url, [...before, ...recordedSeries(rule, kept, steps)]);
  } catch (error) {
    throw new Error(`rule ${name} of group ${group.name} in ${group.file} fails: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Writes series, a limited number of samples at a time, and tells how many there were. */
export async function writeInBatches(url: string, series: readonly WrittenSeries[]): Promise<number> {
  let [batch, size, total]: [WrittenSeries[], number, number] = [[], 0, 0];
  for (const one of series) {
    batch.push(one);
    size += one.samples.length;
    total += one.samples.length;
    if (size < BATCH) continue;
    await remoteWrite(url, batch);
    [batch, size] = [[], 0];
  }
  if (batch.length > 0) await remoteWrite(url, batch);
  return total;
}
