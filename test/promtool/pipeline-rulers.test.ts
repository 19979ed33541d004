import { describe, expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { complaints } from '../support/problems.ts';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import { fires, INTERVAL, type Labels, silent } from './allowances-input.ts';
import {
  ALL,
  ABSENT,
  alertsIn,
  constant,
  counting,
  during,
  expectAlerts,
  holding,
  PIPELINE,
  skippedAlerts,
} from './pipeline-input.ts';

const FAILING = 'RuleEvaluationFailing';
const SLOW = 'RuleGroupSlow';
const CLUSTER = 'production';
const MINUTES = 60;
const INSTANCE = { cluster: CLUSTER, instance: 'ruler-0' };
const OURS = ['azimuth-identity', 'azimuth-ena-allowances', 'inter_az_traffic_analysis.rules'];
const OTHERS = ['my-azimuth-identity', 'azimuth', 'inter_az_traffic_analysis_rules', 'node-exporter'];

/** How an engine exposes the evaluation of its groups. */
interface Engine {
  readonly ruler: string;
  /** Labels of a group of ours, and of alerts on it. */
  readonly at: (group: string) => Labels;
  /** One more evaluation of a group fails each minute. */
  readonly failing: (group: string, perMinute: number) => InputSeries[];
  /** A group takes that many of its 60 seconds. */
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

const atVmalert = (group: string) => ({ ...INSTANCE, group, file: VMALERT_FILE });

const ENGINES: readonly Engine[] = [
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
    // Newer releases tell why an evaluation failed.
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

const metricOf = ({ series }: InputSeries): string => series.slice(0, series.indexOf('{'));
const rulesFor = (ruler: string, given: object = {}) => generate({ rules: { ruler }, ...given });
const firing = (alert: string, ...where: readonly Labels[]) => fires(alert, 'warning', MINUTES - 5, where);

test('a ruler is missing here only if it has no metrics', () => {
  const known = ENGINES.map(({ ruler }) => ruler);
  expect(() => rulesFor('none of these')).toThrow(
    new RegExp(['prometheus', 'thanos', 'cortex', 'mimir', 'vmalert', 'amp'].join(', ')),
  );
  expect([...known, 'amp']).toEqual(['prometheus', 'thanos', 'cortex', 'mimir', 'vmalert', 'amp']);
});

describe.each(ENGINES)('$ruler', ({ ruler, at, failing, taking, named }) => {
  test('the alerts read its metrics of our groups, and of no other', async () => {
    await expectAlerts(
      rulesFor(ruler),
      [...OURS, ...OTHERS].flatMap((group) => [...failing(group, 1), ...taking(group, 50)]),
      firing(FAILING, ...OURS.map(at)),
      firing(SLOW, ...OURS.map(at)),
    );
  });

  test('they are silent while nothing fails and nothing is slow', async () => {
    await expectAlerts(
      rulesFor(ruler),
      OURS.flatMap((group) => [...failing(group, 0), ...taking(group, 47)]),
      ...[FAILING, SLOW].flatMap((alert) => silent(alert, 'warning', [5, 20, MINUTES - 5])),
    );
  });

  test('they are silent on the metrics of all other engines', async () => {
    const [group = ''] = OURS;
    const own = new Set([...failing(group, 1), ...taking(group, 1)].map(metricOf));
    const foreign = ENGINES.flatMap((one) => [...one.failing(group, 1), ...one.taking(group, 59)]).filter(
      (series) => !own.has(metricOf(series)),
    );
    await expectAlerts(
      rulesFor(ruler),
      foreign,
      ...[FAILING, SLOW].flatMap((alert) => silent(alert, 'warning', [20, MINUTES - 5])),
    );
  });

  test('they name it, and count exactly', async () => {
    const [group = ''] = OURS;
    const [instance, groupName, errors] = named;
    const who = `${instance} of cluster ${CLUSTER}`;
    const text = (alert: string, description: string) => ({ alert, description });
    const expected = [
      text(
        FAILING,
        `${who}: ${2 * 15} evaluations of group ${groupName(group)} failed in the last 15 minutes. A failing rule keeps its last ` +
          `value for minutes: do not trust the figures of this group. First: find the error ${errors}.`,
      ),
      text(
        SLOW,
        `${who}: group ${groupName(group)} takes ${(54 / 60) * 100}% of its interval. Above 100 %, evaluations are skipped. ` +
          'First: lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
      ),
    ];
    const generated = rulesFor(ruler, { grafana: { url: 'https://grafana.example.com' } });
    // Where two rules fail in turn, each fails half as often.
    await testRules(
      [generated.file(PIPELINE)],
      [
        {
          name: ruler,
          interval: INTERVAL,
          input_series: [...failing(group, 2), ...taking(group, 54)],
          alert_rule_test: expected.map(({ alert, description }) => ({
            alertname: alert,
            eval_time: `${MINUTES - 5}m`,
            exp_alerts: [
              {
                exp_labels: { ...at(group), severity: 'warning' },
                exp_annotations: {
                  summary:
                    alert === FAILING
                      ? 'A rule of Azimuth fails, so its figures are out of date.'
                      : 'A rule group of Azimuth takes almost as long as its interval.',
                  description,
                  runbook_url: `docs/runbooks/${alert}.md`,
                  dashboard_url: `https://grafana.example.com/d/zone-traffic?from=now-3h&to=now&var-cluster=${CLUSTER}`,
                },
              },
            ],
          })),
        },
      ],
    );
  });
});

test.each(ENGINES)(
  'no label by which $ruler tells groups apart can be fixed, or be that of the cluster',
  ({ ruler, at }) => {
    const given = (label: string) => [{ rules: { ruler, labels: { [label]: 'one' } } }, { cluster: { label } }];
    const own = Object.keys(at('')).filter((label) => label !== 'cluster');
    expect(
      complaints({ rules: { ruler: 'amp', labels: Object.fromEntries(own.slice(1).map((label) => [label, 'one'])) } }),
    ).toEqual([]);
    expect(own.flatMap(given).map((config) => complaints(config).length)).toEqual(own.flatMap(() => [1, 1]));
  },
);

test('tenants with the same file and group are told apart', async () => {
  const at = (user: string): Labels => ({ ...INSTANCE, user, rule_group: 'zone-traffic;azimuth-identity' });
  const failures = (user: string, level: number) =>
    counting('cortex_prometheus_rule_evaluation_failures_total', at(user), during([MINUTES, level]));
  await expectAlerts(rulesFor('mimir'), [failures('one', 0), failures('two', 1)], firing(FAILING, at('two')));
});

test('a group of vmalert is slow again only when it was for 15 minutes, and a restart is no time', async () => {
  const at = atVmalert('azimuth-identity');
  const counters = (seconds: readonly (number | typeof ABSENT)[]) => [
    counting('vmalert_iteration_duration_seconds_sum', at, seconds),
    counting(
      'vmalert_iteration_duration_seconds_count',
      at,
      seconds.map((one) => (one === ABSENT ? ABSENT : 1)),
    ),
    constant('vmalert_iteration_interval_seconds', at, 60, seconds.length),
  ];
  await expectAlerts(
    rulesFor('vmalert'),
    counters(during([20, 2], [1, ABSENT], [40, 2])),
    ...silent(SLOW, 'warning', [19, 22, 30, 55]),
  );
  await expectAlerts(
    rulesFor('vmalert'),
    counters(during([20, 2], [40, 90])),
    ...silent(SLOW, 'warning', [20, 25]),
    firing(SLOW, at),
  );
});

describe('amp', () => {
  const amp = { targets: ['amp'], amp: { workspaceId: 'ws-1' } };
  const reason = 'rules.ruler is amp, which has no metrics that a rule can read';

  test('has no metrics, so both alerts are left out with the reason, and no other', () => {
    const given = { rules: { ruler: 'amp' } };
    expect(alertsIn(generate(given))).toEqual(alertsIn(generate()).filter((name) => ![FAILING, SLOW].includes(name)));
    expect(skippedAlerts({ ...ALL, ...given })).toEqual({ [FAILING]: reason, [SLOW]: reason });
  });

  test('is hinted at where AMP evaluates the rules', () => {
    const doubts = (given: object) => generate(given).warnings.filter(({ kind }) => kind === 'doubtful');
    expect(doubts(amp)).toEqual([
      {
        kind: 'doubtful',
        settings: ['rules.ruler', 'targets'],
        reason:
          'AMP has no metrics of prometheus, so RuleEvaluationFailing and RuleGroupSlow never fire: expected rules.ruler: amp',
      },
    ]);
    expect(doubts({ ...amp, rules: { ruler: 'amp' } })).toEqual([]);
    expect(doubts({ ...amp, targets: ['amp', 'prometheus'] })).toHaveLength(1);
    expect(doubts({ ...amp, targets: ['amp', 'prometheus-operator'] })).toEqual([]);
    expect(doubts({})).toEqual([]);
  });
});

describe('without traffic', () => {
  const none = { flows: { source: 'none' }, grafana: { url: 'https://grafana.example.com' } };

  test('both alerts exist, and no other of their file', () => {
    const { bundle } = generate(none);
    expect(alertsIn(generate(none))).toEqual([FAILING, SLOW]);
    expect(bundle.ruleFiles.map(({ name }) => name)).toEqual(['traffic-pipeline', 'ena-allowances']);
    expect(Object.keys(skippedAlerts(none))).not.toContain(FAILING);
  });

  test.each(ENGINES)('they fire: $ruler', async ({ ruler, at, failing, taking }) => {
    const group = 'azimuth-ena-allowances';
    await expectAlerts(
      rulesFor(ruler, none),
      [...failing(group, 1), ...taking(group, 50)],
      firing(FAILING, at(group)),
      firing(SLOW, at(group)),
    );
  });

  test('they link to a dashboard that is there', () => {
    const generated = generate(none);
    const [uid] = generated.bundle.dashboards.map((dashboard) => dashboard.uid);
    expect(uid).toBe('node-allowances');
    const links = [...generated.file(PIPELINE).matchAll(/grafana\.example\.com\/d\/([a-z-]+)/g)].map(
      ([, linked]) => linked,
    );
    expect(new Set(links)).toEqual(new Set([uid]));
  });

  test('nothing is left of the file without them', () => {
    const off = { ...none, alerts: { [FAILING]: false, [SLOW]: false } };
    expect(generate(off).bundle.ruleFiles.map(({ name }) => name)).toEqual(['ena-allowances']);
    expect(generate({ ...none, rules: { ruler: 'amp' } }).bundle.ruleFiles.map(({ name }) => name)).toEqual([
      'ena-allowances',
    ]);
  });
});

describe('TrafficCountedTwice where samples are dated down', () => {
  const RATIO = 'cluster:network_flows_initiator_over_receiver:ratio_rate5m';
  const where = { cluster: CLUSTER, unit: 'network_flows' };
  /** Minutes at which a query finds a new sample; it is `age` minutes old by then, as vmalert dates it. */
  const every = (minutes: number, value: number): InputSeries => ({
    series: `${RATIO}{cluster="${CLUSTER}"}`,
    values: `${value} ${`_x${minutes * 2 - 1} ${value} `.repeat(Math.ceil(MINUTES / minutes))}`.trim(),
  });

  // Up to two intervals of the check lie between a query and the newest sample: twice 4 minutes, or twice 5.
  test.each([1, 4, 8, 9.5])('it fires with %d minutes between samples', async (minutes) => {
    await expectAlerts(
      generate(),
      [every(minutes, 2)],
      ...silent('TrafficCountedTwice', 'critical', [20]),
      fires('TrafficCountedTwice', 'warning', 29, []),
      ...Array.from({ length: 20 }, (_, index) => fires('TrafficCountedTwice', 'warning', 35 + index, [where])),
    );
  });

  test('it ends ten minutes after the last sample, and its time to go on', async () => {
    await expectAlerts(
      generate(),
      [holding(RATIO, { cluster: CLUSTER }, during([45, 2]))],
      fires('TrafficCountedTwice', 'warning', 45 + 10 + 14, [where]),
      fires('TrafficCountedTwice', 'warning', 45 + 10 + 16, []),
    );
  });
});
