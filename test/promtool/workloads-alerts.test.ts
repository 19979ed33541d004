import { describe, jest, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { type InputSeries, seriesText, testRules } from '../support/rule-test.ts';

jest.setTimeout(120_000);

const FILE = 'rules/prometheus/workload-resources.rules.yaml';
const MI = 2 ** 20;
const LIMIT = 200;

type Labels = Readonly<Record<string, string>>;

/** Values in their order, each for so many minutes, at a sample a minute; undefined is no sample. */
const during = (...parts: readonly (readonly [minutes: number, value: number | undefined])[]): string =>
  parts.flatMap(([minutes, value]) => Array.from({ length: minutes }, () => String(value ?? '_'))).join(' ');

/** A pod of the StatefulSet `db`, as kube-state-metrics describes it, with a limit of 200 MiB. */
const pod = (minutes: number, place: Labels, name = 'db-0'): InputSeries[] => {
  const labels = {
    ...place,
    namespace: 'shop',
    pod: name,
    uid: `uid-${name}`,
    job: 'kube-state-metrics',
    instance: 'a',
  };
  const row = (metric: string, more: Labels, value: number): InputSeries => ({
    series: seriesText(metric, { ...labels, ...more }),
    values: during([minutes, value]),
  });
  return [
    row(
      'kube_pod_info',
      { node: 'n', created_by_kind: 'StatefulSet', created_by_name: 'db', host_network: 'false' },
      1,
    ),
    row('kube_pod_status_phase', { phase: 'Running' }, 1),
    row('kube_pod_container_resource_limits', { container: 'app', resource: 'memory' }, LIMIT * MI),
  ];
};

const rss = (values: string, place: Labels, name = 'db-0'): InputSeries => ({
  series: seriesText('container_memory_rss', {
    ...place,
    namespace: 'shop',
    pod: name,
    container: 'app',
    job: 'kubelet',
  }),
  values,
});

interface Fires {
  readonly at: number;
  readonly labels: Labels | undefined;
  readonly annotations?: Labels;
}

const expectAlert = async (
  alertname: string,
  input: readonly InputSeries[],
  fires: readonly Fires[],
  given: object = {},
): Promise<void> =>
  testRules(
    [generate({ flows: { source: 'none' }, ...given }).file(FILE)],
    [
      {
        name: alertname,
        interval: '1m',
        input_series: input,
        // promtool compares annotations as well, wherever it compares alerts.
        promql_expr_test: fires
          .filter(({ annotations }) => annotations === undefined)
          .map(({ at, labels }) => ({
            expr: `ALERTS{alertname="${alertname}", alertstate="firing"}`,
            eval_time: `${at}m`,
            exp_samples:
              labels === undefined
                ? []
                : [{ labels: seriesText('ALERTS', { alertname, alertstate: 'firing', ...labels }), value: 1 }],
          })),
        alert_rule_test: fires.flatMap(({ at, labels = {}, annotations }) =>
          annotations === undefined
            ? []
            : [{ alertname, eval_time: `${at}m`, exp_alerts: [{ exp_labels: labels, exp_annotations: annotations }] }],
        ),
      },
    ],
  );

const ONE = { cluster: 'one' };
const FOUND = { ...ONE, namespace: 'shop', workload_type: 'StatefulSet', workload: 'db', severity: 'warning' };

describe('WorkloadMemoryNearLimit', () => {
  const alert = 'WorkloadMemoryNearLimit';

  test.each([
    ['at the threshold', 0.95, undefined],
    ['above it', 0.96, FOUND],
  ])('%s', async (_name, share, labels) => {
    const input = [...pod(40, ONE), rss(during([40, share * LIMIT * MI]), ONE)];
    await expectAlert(alert, input, [{ at: 35, labels }]);
  });

  test('fires after a quarter of an hour, and goes on for one', async () => {
    // Groups of rules may see each other one evaluation late.
    const input = [...pod(80, ONE), rss(during([10, 100 * MI], [25, 198 * MI], [45, 100 * MI]), ONE)];
    await expectAlert(alert, input, [
      { at: 24, labels: undefined },
      { at: 28, labels: FOUND },
      { at: 48, labels: FOUND },
      { at: 55, labels: undefined },
    ]);
  });

  test('a burst within a quarter of an hour does not count', async () => {
    const input = [...pod(60, ONE), rss(during([10, 100 * MI], [13, 199 * MI], [37, 100 * MI]), ONE)];
    await expectAlert(
      alert,
      input,
      [20, 25, 30, 45].map((at) => ({ at, labels: undefined })),
    );
  });

  test('names the workload once, however many pods are near, and each cluster by itself', async () => {
    const two = { cluster: 'two' };
    const input = [
      ...[ONE, two].flatMap((place) => ['db-0', 'db-1'].flatMap((name) => pod(40, place, name))),
      ...['db-0', 'db-1'].map((name) => rss(during([40, 197 * MI]), ONE, name)),
      ...['db-0', 'db-1'].map((name) => rss(during([40, 20 * MI]), two, name)),
    ];
    await expectAlert(alert, input, [{ at: 35, labels: FOUND }]);
  });

  test('says what it is about, and links to the dashboard with the workload chosen', async () => {
    const given = {
      grafana: { url: 'https://grafana.example.com/' },
      rules: { runbookBaseUrl: 'https://runbooks.example.com' },
    };
    const annotations = {
      summary: 'A container is about to be killed for lack of memory.',
      description:
        'Cluster one: StatefulSet shop/db: a container of a pod has allocated 98.5% of its memory limit. At 100 % the kernel kills it. First: see on ' +
        'the dashboard whether one pod grows or all do; if it still grows, raise the limit or restart that pod before it is killed.',
      runbook_url: `https://runbooks.example.com/${alert}.md`,
      dashboard_url:
        'https://grafana.example.com/d/workload-resources?from=now-3h&to=now&var-cluster=one&var-namespace=shop&var-workload=db',
    };
    const input = [...pod(40, ONE), rss(during([40, 197 * MI]), ONE)];
    await expectAlert(alert, input, [{ at: 35, labels: FOUND, annotations }], given);
  });
});

describe('ResourceSourceSilent', () => {
  const alert = 'ResourceSourceSilent';
  const cpu = (values: string, place: Labels): InputSeries => ({
    series: seriesText('container_cpu_usage_seconds_total', {
      ...place,
      namespace: 'shop',
      pod: 'db-0',
      container: 'app',
      job: 'kubelet',
    }),
    values,
  });
  const silent = { ...ONE, severity: 'warning' };
  const growing = (minutes: number): string =>
    Array.from({ length: minutes }, (_, minute) => String(60 * minute)).join(' ');

  test('fires where there are pods and no usage of any, after a quarter of an hour', async () => {
    await expectAlert(alert, pod(40, ONE), [
      { at: 14, labels: undefined },
      { at: 19, labels: silent },
    ]);
  });

  test('is silent where there is usage, and when there are neither pods nor usage', async () => {
    await expectAlert(alert, [...pod(40, ONE), cpu(growing(40), ONE)], [{ at: 35, labels: undefined }]);
    await expectAlert(alert, [], [{ at: 35, labels: undefined }]);
  });

  test.each([
    ['without the cluster label', {}],
    ['with another one', { cluster: 'eu-1' }],
  ])('finds kubelets %s', async (_name, place) => {
    const annotations = {
      summary: 'A cluster has pods, but nothing says what they use.',
      description:
        'Cluster one: no CPU usage of any pod, although kube-state-metrics reports 1 pods that run or wait to. Prometheus does not scrape ' +
        '/metrics/cadvisor of the kubelets, or their series have another cluster label. First: count by (job, cluster) (container_cpu_usage_seconds_total).',
      runbook_url: `docs/runbooks/${alert}.md`,
      dashboard_url: '/d/workload-resources?from=now-3h&to=now&var-cluster=one',
    };
    await expectAlert(alert, [...pod(40, ONE), cpu(growing(40), place)], [{ at: 35, labels: silent, annotations }]);
  });

  test('tells the silent cluster from the other', async () => {
    const two = { cluster: 'two' };
    const input = [...pod(40, ONE), ...pod(40, two), cpu(growing(40), two)];
    await expectAlert(alert, input, [{ at: 35, labels: silent }]);
  });

  test('where the store has one cluster without a label', async () => {
    const given = { cluster: { label: null } };
    await expectAlert(alert, pod(40, {}), [{ at: 35, labels: { severity: 'warning' } }], given);
    await expectAlert(alert, [...pod(40, {}), cpu(growing(40), {})], [{ at: 35, labels: undefined }], given);
  });

  test('pods without the cluster label are those of another configuration', async () => {
    await expectAlert(alert, pod(40, {}), [{ at: 35, labels: undefined }]);
  });
});
