import { generate } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import { fires, type Labels } from './allowances-input.ts';
import { constant, counting, during, holding } from './pipeline-input.ts';

/** The alerts on the evaluation of rules. */
export const FAILING = 'RuleEvaluationFailing';
export const SLOW = 'RuleGroupSlow';

/** How long all series last. */
export const MINUTES = 60;

export const CLUSTER = 'production';

/** Labels of the target that exposes the metrics of a ruler. */
export const INSTANCE = { cluster: CLUSTER, instance: 'ruler-0' };

/** Groups of Azimuth, from several files. */
export const OURS = ['azimuth-identity', 'azimuth-ena-allowances', 'inter_az_traffic_analysis.rules'];

/** How an engine exposes the evaluation of its groups. */
export interface Engine {
  readonly ruler: string;
  /** Labels of one of these groups, and of alerts on it. */
  readonly at: (group: string) => Labels;
  /** So many evaluations of a group fail each minute. */
  readonly failing: (group: string, perMinute: number) => InputSeries[];
  /** A group takes so many of its 60 seconds. */
  readonly taking: (group: string, seconds: number) => InputSeries[];
  /** What the alerts call the instance, the group, and where its errors are. */
  readonly named: readonly [instance: string, group: (group: string) => string, errors: string];
}

/** Prometheus' rule manager, embedded under a prefix, with labels that the engine adds. */
const manager = (prefix: string, at: Engine['at'], added: Labels = {}): Pick<Engine, 'at' | 'failing' | 'taking'> => ({
  at,
  failing: (group, perMinute) => [
    counting(`${prefix}_rule_evaluation_failures_total`, { ...at(group), ...added }, during([MINUTES, perMinute])),
  ],
  taking: (group, seconds) => [
    holding(`${prefix}_rule_group_last_duration_seconds`, { ...at(group), ...added }, during([MINUTES, seconds])),
    constant(`${prefix}_rule_group_interval_seconds`, { ...at(group), ...added }, 60, MINUTES),
  ],
});

const file = (folder: string) => (group: string) => `${folder}/zone-traffic.rules.yaml;${group}`;
const inFile = (folder: string) => (group: string) => ({ ...INSTANCE, rule_group: file(folder)(group) });
const ofTenant = (user: string) => (group: string) => ({ ...INSTANCE, user, rule_group: file(`/data/${user}`)(group) });
const API = 'under lastError in its API, /prometheus/api/v1/rules';
const THANOS = '/data/.tmp-rules/ABORT/etc/rules';
const VMALERT_FILE = '/etc/rules/zone-traffic.rules.yaml';

/** Labels of a group of vmalert. */
export const atVmalert = (group: string) => ({ ...INSTANCE, group, file: VMALERT_FILE });

/** Every ruler that has metrics. */
export const ENGINES: readonly Engine[] = [
  {
    ruler: 'prometheus',
    ...manager('prometheus', inFile('/etc/rules')),
    named: ['Prometheus ruler-0', file('/etc/rules'), 'on the Rules page of Prometheus'],
  },
  {
    ruler: 'thanos',
    ...manager('prometheus', inFile(THANOS), { strategy: 'abort' }),
    named: ['Thanos Ruler ruler-0', file(THANOS), 'on the Rules page of Thanos Ruler'],
  },
  {
    ruler: 'cortex',
    ...manager('cortex_prometheus', ofTenant('one')),
    named: ['The Cortex ruler ruler-0', file('/data/one'), API],
  },
  {
    ruler: 'mimir',
    // Newer releases report why an evaluation failed.
    ...manager('cortex_prometheus', ofTenant('one'), { reason: 'user' }),
    named: ['The Mimir ruler ruler-0', file('/data/one'), API],
  },
  {
    ruler: 'vmalert',
    at: atVmalert,
    // A recording rule and an alert fail in turn.
    failing: (group, perMinute) =>
      [{ recording: 'cluster_node:zone:info' }, { alertname: 'TrafficLost' }].map((rule, parity) =>
        counting(
          `vmalert_${'recording' in rule ? 'recording' : 'alerting'}_rules_errors_total`,
          { ...atVmalert(group), ...rule, id: String(parity) },
          during([MINUTES, 0]).map((_, minute) => (minute % 2 === parity ? perMinute : 0)),
        ),
      ),
    taking: (group, seconds) => [
      counting('vmalert_iteration_duration_seconds_sum', atVmalert(group), during([MINUTES, seconds])),
      counting('vmalert_iteration_duration_seconds_count', atVmalert(group), during([MINUTES, 1])),
      constant('vmalert_iteration_interval_seconds', atVmalert(group), 60, MINUTES),
    ],
    named: ['vmalert ruler-0', (group) => `${group} (${VMALERT_FILE})`, 'on the Groups page of vmalert'],
  },
];

/** The rules for an engine. */
export const rulesFor = (ruler: string, given: object = {}) => generate({ rules: { ruler }, ...given });

/** Where an alert must fire shortly before the end, and nowhere else. */
export const firing = (alert: string, ...where: readonly Labels[]) => fires(alert, 'warning', MINUTES - 5, where);
