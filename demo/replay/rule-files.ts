import { load } from 'js-yaml';
import { seconds } from '../../generators/index.ts';

/** A recording rule as a rule file has it. */
export interface RecordingRuleData {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alerting rule as a rule file has it; durations in Prometheus' notation. */
export interface AlertingRuleData {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A rule of either kind. */
export type RuleData = RecordingRuleData | AlertingRuleData;

/** A group of rules, with its interval in seconds. */
export interface ReplayGroup {
  readonly file: string;
  readonly name: string;
  readonly interval: number;
  readonly rules: readonly RuleData[];
}

interface GroupData {
  readonly name: string;
  readonly interval?: string;
  readonly rules?: readonly RuleData[];
}

/** Whether a rule records a series. */
export const isRecordingData = (rule: RuleData): rule is RecordingRuleData => 'record' in rule;

/** Prometheus' own default where a group says nothing. */
const DEFAULT_INTERVAL = '1m';

/** A group, and the groups before it in order whose records it reads. */
export interface OrderedGroup {
  readonly group: ReplayGroup;
  readonly after: readonly ReplayGroup[];
}

/**
 * The groups of rule files, each after those whose records it reads. Of groups that read each other, the one that comes first in the
 * files is first.
 * @throws YAMLException for a text that is no YAML.
 */
export function groupsInOrder(files: Readonly<Record<string, string>>): readonly OrderedGroup[] {
  const groups = Object.entries(files).flatMap(([file, text]) =>
    groupsOf(text).map(({ name, interval = DEFAULT_INTERVAL, rules = [] }) => ({
      file,
      name,
      interval: seconds(interval),
      rules,
    })),
  );
  const ordered: OrderedGroup[] = [];
  const visited = new Set<ReplayGroup>();
  const visit = (group: ReplayGroup): void => {
    if (visited.has(group)) return;
    visited.add(group);
    const read = groups.filter((other) => reads(group, other));
    read.forEach(visit);
    ordered.push({ group, after: read.filter((other) => ordered.some((one) => one.group === other)) });
  };
  groups.forEach(visit);
  return ordered;
}

const groupsOf = (text: string): readonly GroupData[] =>
  (load(text) as { readonly groups?: readonly GroupData[] } | undefined)?.groups ?? [];

/** Names of metrics hold colons, which no boundary of a regular expression knows of. */
const WORDS = /[a-zA-Z_:][a-zA-Z0-9_:]*/g;

function reads(group: ReplayGroup, other: ReplayGroup): boolean {
  if (group === other) return false;
  const words = new Set(group.rules.flatMap(({ expr }) => expr.match(WORDS) ?? []));
  return other.rules.some((rule) => isRecordingData(rule) && words.has(rule.record));
}

/** From this interval on, a group stands for a span of time: sums of an hour would be wrong at any other. Seconds. */
const FIXED = 3600;

/** The same files with another interval for every group but those of whole hours, in Prometheus' notation. */
export function withInterval(
  files: Readonly<Record<string, string>>,
  interval: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([file, text]) => {
      const groups = groupsOf(text).map((group) =>
        seconds(group.interval ?? DEFAULT_INTERVAL) < FIXED ? { ...group, interval } : group,
      );
      // JSON is YAML, and needs no care for quoting.
      return [file, JSON.stringify({ groups })];
    }),
  );
}
