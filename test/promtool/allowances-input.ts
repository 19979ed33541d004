import { groupsOf } from '../../mutation/rules.ts';
import { type ExpressionTest, type InputSeries, seriesText, testRules } from '../support/rule-test.ts';

/** Labels of a series; one with an empty value is absent. */
export type Labels = Readonly<Record<string, string>>;

/** A node as our scrape configuration labels it. */
export const NODE: Labels = { cluster: 'production', instance: 'ip-10-0-1-2', node: 'ip-10-0-1-2' };
/** Its first network interface. */
export const ENS5: Labels = { ...NODE, device: 'ens5' };

/** The statistics that count packets over an allowance. */
export const ALLOWANCES = ['bw_in', 'bw_out', 'conntrack', 'linklocal', 'pps'] as const;

/** One statistic of `ethtool -S` as Showmax's exporter exposes it. */
export const exposed = (type: string, labels: Labels, values: string): InputSeries => ({
  series: seriesText('node_net_ethtool', { job: 'ethtool-exporter', ...labels, type }),
  values,
});

/** The same as node_exporter exposes it. */
export const exposedByNodeExporter = (statistic: string, labels: Labels, values: string): InputSeries => ({
  series: seriesText(`node_ethtool_${statistic}`, { job: 'ethtool-node-exporter', ...labels }),
  values,
});

/**
 * The same as the CloudWatch agent writes it: the labels that our configuration appends name cluster, job and node, and nobody scrapes it, so there
 * is no instance beside the node.
 */
export function exposedByCloudWatchAgent(statistic: string, labels: Labels, values: string): InputSeries {
  const { device = '', instance = '', ...others } = labels;
  const place = (others['node'] ?? '') === '' ? { instance } : {};
  const all = { job: 'cloudwatch-agent', ...place, ...others, interface: device, driver: 'ena' };
  return { series: seriesText(`ethtool_${statistic}`, all), values };
}

/** The values of a series that `0+60x10`, `_x5` and single values write; undefined where nothing was scraped. */
function written(values: string): readonly (number | undefined)[] {
  return values.split(' ').flatMap((token) => {
    const [, gaps = '1'] = /^_(?:x(\d+))?$/.exec(token) ?? [];
    if (token.startsWith('_')) return Array.from({ length: Number(gaps) }, () => undefined);
    const [, first = '', step = '0', times = '0'] = /^(\d+)(?:\+(\d+))?(?:x(\d+))?$/.exec(token) ?? [];
    if (first === '') throw new TypeError(`no values: ${token}`);
    return Array.from({ length: Number(times) + 1 }, (_, index) => Number(first) + index * Number(step));
  });
}

/**
 * The same statistic, in the same notation, as the agent of Network Flow Monitor exposes it: what the driver counted since the scrape before.
 * Scraped in between the evaluations, so that a window of the rules holds as many scrapes in each release of Prometheus: the distance
 * of the values is half of that of the scrapes.
 */
export function exposedByFlowMonitor(statistic: string, labels: Labels, values: string): InputSeries {
  let last: number | undefined;
  const deltas = written(values).map((value) => {
    const delta = value === undefined ? '_' : String(value - (last ?? value));
    last = value ?? last;
    return `_ ${delta}`;
  });
  return { series: seriesOfFlowMonitor(statistic, labels), values: deltas.join(' ') };
}

/** A series of the agent of Network Flow Monitor. It calls an interface by its ID, and Prometheus keeps its label of the node under another name. */
export const seriesOfFlowMonitor = (statistic: string, { device = '', ...labels }: Labels): string =>
  seriesText(statistic, { job: 'network-flow-monitor', exported_node: labels['node'] ?? '', ...labels, eni: device });

/** The series that a record must hold at a time, all of them. Rounded, as releases of Prometheus differ in the last bits. */
export const holds = (
  record: string,
  at: string,
  expected: readonly (readonly [Labels, number])[],
): ExpressionTest => ({
  expr: `round(${record}, 0.000001)`,
  eval_time: at,
  exp_samples: expected.map(([labels, value]) => ({ labels: seriesText('', labels), value })),
});

/** Distance of the values that `scrapes` writes. */
export const INTERVAL = '30s';

/**
 * A value for each minute, scraped half a minute after the rules were evaluated. Scrapes and evaluations do not coincide in
 * reality either, and at the very edge of a window Prometheus 2 and 3 disagree about what is inside.
 */
export const scrapes = (values: readonly number[]): string => values.map((value) => `_ ${value}`).join(' ');

/** `[minutes, value]` in turn, as a value for each minute. */
export const phases = (...turns: readonly (readonly [number, number])[]): number[] =>
  turns.flatMap(([minutes, value]) => Array.from({ length: minutes }, () => value));

/** A counter that grows by so much within each minute. */
export const growing = (perMinute: readonly number[], start = 0): string => {
  let value = start;
  return scrapes(perMinute.map((packets) => (value += packets)));
};

/** Minutes of the window of the rules. */
export const WINDOW = 5;

/**
 * The evaluations, by minute, that see packets of the minutes `from` to `to`: the first scrape after them is half a minute later,
 * and a window of 5 minutes holds five scrapes, hence four differences.
 */
export const seen = (from: number, to: number) => ({ first: from + 1, last: to + WINDOW - 1 });

/** What `ALERTS` must hold for a tier of an alert at a minute: a series for each of the label sets and no other. */
const alerts =
  (state: 'firing' | 'pending') =>
  (alertname: string, severity: string, minute: number, expected: readonly Labels[]): ExpressionTest => {
    const tier = { alertname, alertstate: state, severity };
    return {
      expr: seriesText('ALERTS', tier),
      eval_time: `${minute}m`,
      exp_samples: expected.map((labels) => ({ labels: seriesText('ALERTS', { ...labels, ...tier }), value: 1 })),
    };
  };

/** Where a tier of an alert must fire at a minute; nowhere else. */
export const fires = alerts('firing');
/** Where a tier of an alert must be pending at a minute; nowhere else. */
export const pends = alerts('pending');

/** That a tier is neither pending nor firing at any of these minutes. */
export const silent = (alertname: string, severity: string, minutes: readonly number[]): ExpressionTest[] =>
  minutes.map((minute) => ({
    expr: seriesText('ALERTS', { alertname, severity }),
    eval_time: `${minute}m`,
    exp_samples: [],
  }));

/** Expects answers of a rule file over series. @throws Error with promtool's report of the wrong ones. */
export const expectAnswers = (
  rules: string,
  interval: string,
  input_series: readonly InputSeries[],
  promql_expr_test: readonly ExpressionTest[],
): Promise<void> => testRules([rules], [{ name: 'answers', interval, input_series, promql_expr_test }]);

/** A rule file, as JSON, whose alerts say the number that they found and nothing else. */
export function counting(rules: string): string {
  const annotations = { counted: '{{ $value | humanize }}' };
  return JSON.stringify({
    groups: groupsOf(rules).map((group) => ({
      ...group,
      rules: group.rules.map((rule) => (rule.alert === undefined ? rule : { ...rule, annotations })),
    })),
  });
}
