import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { type ExpressionTest, type InputSeries, testRules } from '../support/rule-test.ts';
import { expectAnswers, fires, INTERVAL, type Labels, silent } from './allowances-input.ts';
import { bending, CLUSTER, histogram, rising, server, staying } from './dns-input.ts';

const generated = generate({ nodeLocalDns: { scrape: true } });
const file = generated.file(RULES.dns);
const RESOLVER = '169.254.169.253:53';
const MINUTES = 45;
const STAGING = 'staging';

const A = server('coredns-a', 'n1');
const ofJob = (cluster = CLUSTER): Labels => ({ cluster, job: 'coredns' });

const expectAlerts = (series: readonly InputSeries[], ...expected: readonly ExpressionTest[]) =>
  expectAnswers(file, INTERVAL, series, expected);

/** Answers of a server, so many a second of them failed. */
const answering = (failed: number, total: number, where = A): InputSeries[] => [
  rising('coredns_dns_responses_total', { ...where, rcode: 'SERVFAIL' }, failed, MINUTES),
  rising('coredns_dns_responses_total', { ...where, rcode: 'NXDOMAIN' }, total - failed, MINUTES),
];

/** All answers within the bucket that ends at this time; the slowest of a hundred is at 99 % of it. */
const answeringWithin = (le: string, where = A): InputSeries[] =>
  histogram(
    'coredns_dns_request_duration_seconds',
    where,
    [
      [le, 10],
      ['+Inf', 0],
    ],
    MINUTES,
  );

const failing = (perWindow: number, where = A): InputSeries =>
  rising(
    'coredns_proxy_healthcheck_failures_total',
    { ...where, proxy_name: 'forward', to: RESOLVER },
    perWindow / 300,
    MINUTES,
  );

const INTERFACE = { cluster: CLUSTER, instance: 'n1', node: 'n1', device: 'ens5' };
const dropping = (perWindow: number, where: Labels = INTERFACE): InputSeries =>
  staying('metric:linklocal_allowance_exceeded', where, perWindow / 300, MINUTES);
const forwarding = (where = A, to = RESOLVER): InputSeries =>
  rising(
    'coredns_proxy_request_duration_seconds_count',
    { ...where, proxy_name: 'forward', to, rcode: 'NOERROR' },
    100,
    MINUTES,
  );

/** What the alerts promise by default: the value at the threshold and just above it, and the minutes until it fires. */
const TIERS: readonly {
  readonly alert: string;
  readonly severity: string;
  readonly pending: number;
  readonly at: readonly InputSeries[];
  readonly above: readonly InputSeries[];
  readonly labels: Labels;
}[] = [
  {
    alert: 'CoreDNSErrorsHigh',
    severity: 'warning',
    pending: 10,
    at: answering(1, 100),
    above: answering(1.2, 100),
    labels: ofJob(),
  },
  {
    alert: 'CoreDNSErrorsHigh',
    severity: 'critical',
    pending: 10,
    at: answering(10, 100),
    above: answering(11, 100),
    labels: ofJob(),
  },
  {
    alert: 'CoreDNSLatencyHigh',
    severity: 'warning',
    pending: 10,
    at: answeringWithin('0.505'),
    above: answeringWithin('0.51'),
    labels: { ...ofJob(), quantile: '0.99' },
  },
  {
    alert: 'CoreDNSLatencyHigh',
    severity: 'critical',
    pending: 10,
    at: answeringWithin('4.04'),
    above: answeringWithin('4.1'),
    labels: { ...ofJob(), quantile: '0.99' },
  },
  {
    alert: 'CoreDNSUpstreamUnhealthy',
    severity: 'warning',
    pending: 10,
    at: [failing(30)],
    above: [failing(33)],
    labels: { ...ofJob(), to: RESOLVER },
  },
  {
    alert: 'CoreDNSUpstreamUnhealthy',
    severity: 'critical',
    pending: 15,
    at: [failing(150)],
    above: [failing(156)],
    labels: { ...ofJob(), to: RESOLVER },
  },
  {
    alert: 'DNSThrottledAtInterface',
    severity: 'warning',
    pending: 10,
    at: [dropping(30), forwarding()],
    above: [dropping(30.3), forwarding()],
    labels: INTERFACE,
  },
  {
    alert: 'DNSThrottledAtInterface',
    severity: 'critical',
    pending: 10,
    at: [dropping(300), forwarding()],
    above: [dropping(303), forwarding()],
    labels: INTERFACE,
  },
];

test('these are all tiers, but those of alerts without a rate', () => {
  const tiers = generated.bundle.ruleFiles
    .filter(({ name }) => name === 'dns')
    .flatMap(({ groups }) => groups.flatMap(({ rules }) => rules))
    .flatMap((rule) => ('alert' in rule ? [`${rule.alert} ${rule.labels.severity}`] : []));
  const others = ['CoreDNSDown critical', 'CoreDNSReplicasColocated warning', 'NodeLocalDNSSetupErrors warning'];
  expect(tiers.toSorted()).toEqual(
    [...TIERS.map(({ alert, severity }) => `${alert} ${severity}`), ...others].toSorted(),
  );
});

describe.each(TIERS)('$alert, $severity', ({ alert, severity, pending, at, above, labels }) => {
  test('is silent at the threshold', async () => {
    await expectAlerts(at, ...silent(alert, severity, [10, pending + 10, MINUTES - 1]));
  });

  test('fires above it, once it has lasted, in its own cluster', async () => {
    const elsewhere = at.map(({ series, values }) => ({
      series: series.replaceAll(`"${CLUSTER}"`, `"${STAGING}"`),
      values,
    }));
    await expectAlerts(
      [...above, ...elsewhere],
      fires(alert, severity, pending - 1, []),
      // The first windows are not full, and show less.
      fires(alert, severity, pending + 6, [labels]),
      fires(alert, severity, MINUTES - 1, [labels]),
    );
  });
});

describe('CoreDNSErrorsHigh', () => {
  test('is silent with a single failure in a quiet cluster, and with names that do not exist', async () => {
    await expectAlerts(
      [...answering(0.009, 0.05), ...answering(0, 100, server('coredns-b', 'n2', STAGING))],
      ...silent('CoreDNSErrorsHigh', 'warning', [20, 40]),
    );
  });

  test('counts all servers of a kind together: one that fails among many does not fire', async () => {
    const many = Array.from({ length: 20 }, (_, index) => answering(0, 100, server(`coredns-${index}`, `n${index}`)));
    await expectAlerts([...answering(15, 15), ...many.flat()], ...silent('CoreDNSErrorsHigh', 'warning', [40]));
  });
});

describe('CoreDNSUpstreamUnhealthy', () => {
  test('takes the worst server, so that it does not grow with replicas', async () => {
    const replicas = ['a', 'b', 'c'].map((name) => failing(20, server(`coredns-${name}`, `n-${name}`)));
    await expectAlerts(replicas, ...silent('CoreDNSUpstreamUnhealthy', 'warning', [40]));
  });
});

describe('DNSThrottledAtInterface', () => {
  const everyTier = (minutes: readonly number[]) =>
    ['warning', 'critical'].flatMap((severity) => silent('DNSThrottledAtInterface', severity, minutes));

  test('is silent where no DNS server of the node passes queries on to the resolver', async () => {
    await expectAlerts(
      [dropping(3000), forwarding(server('coredns-b', 'n2')), forwarding(A, '10.200.0.53:53')],
      ...everyTier([20, 40]),
    );
  });

  test('is silent where another cluster has a node of that name, and where the node is not known', async () => {
    await expectAlerts(
      [
        dropping(3000),
        forwarding(server('coredns-a', 'n1', STAGING)),
        dropping(3000, { cluster: CLUSTER, instance: '10.0.0.1:9417', device: 'ens5' }),
        forwarding({ ...A, node: '' }),
      ],
      ...everyTier([20, 40]),
    );
  });

  test('does not exist without an exporter of the counters', () => {
    const { bundle } = generate({ ethtool: { exporter: 'none' } });
    expect(bundle.skipped).toContainEqual({
      kind: 'alert',
      alert: 'DNSThrottledAtInterface',
      reason: 'ethtool.exporter is none',
    });
  });
});

describe('CoreDNSDown', () => {
  const down = (minute: number, ...where: readonly Labels[]) => fires('CoreDNSDown', 'critical', minute, where);
  const until = (minutes: number, where = A): InputSeries => ({
    ...staying('up', where, 1),
    values: `1x${2 * minutes} 0x${2 * (MINUTES - minutes)}`,
  });

  test('fires five minutes after the last pod, where it was scraped; not while one answers', async () => {
    await expectAlerts(
      [
        until(20),
        until(30, server('coredns-b', 'n2')),
        until(MINUTES, server('coredns-a', 'n1', STAGING)),
        // Never scraped, and another job.
        staying('up', { ...A, cluster: 'other', job: 'kube-dns' }, 0, MINUTES),
      ],
      down(32),
      down(35),
      down(37, ofJob()),
      down(44, ofJob()),
    );
  });

  test('fires too where the target disappears, and ends when one is back', async () => {
    const gone = { ...staying('up', A, 1), values: `1x40 stale _x60 1x40` };
    await expectAlerts([gone], down(22), down(27, ofJob()), down(45, ofJob()), down(54));
  });
});

describe('CoreDNSReplicasColocated', () => {
  const nodes = (count: number, cluster = CLUSTER) =>
    Array.from({ length: count }, (_, index) => staying('kube_node_info', { cluster, node: `n${index + 1}` }, 1, 100));
  const pods = (...places: readonly string[]) =>
    places.map((node, index) => staying('up', server(`coredns-${index}`, node), 1, 100));
  const colocated = (minute: number, ...expected: readonly Labels[]) =>
    fires('CoreDNSReplicasColocated', 'warning', minute, expected);

  test('fires after an hour on the node that has two, where each could have a node of its own', async () => {
    await expectAlerts(
      [...nodes(3), ...pods('n1', 'n1', 'n2')],
      colocated(58),
      colocated(63, { cluster: CLUSTER, node: 'n1' }),
    );
  });

  test.each([
    ['each is on its own', [...nodes(3), ...pods('n1', 'n2', 'n3')]],
    ['there are fewer nodes than pods', [...nodes(2), ...pods('n1', 'n1', 'n2')]],
    ['nodes are not known', [...nodes(9, STAGING), ...pods('n1', 'n1')]],
    ['the node label is missing', [...nodes(3), ...pods('', '')]],
    [
      'two caches are there, not two pods of CoreDNS',
      [...nodes(3), ...['a', 'b'].map((instance) => staying('up', { ...A, job: 'node-local-dns', instance }, 1, 100))],
    ],
  ])('is silent where %s', async (_name, series) => {
    await expectAlerts(series, colocated(63), colocated(90));
  });
});

describe('NodeLocalDNSSetupErrors', () => {
  const errors = (perMinute: number, where: Labels = {}) =>
    bending(
      'coredns_nodecache_setup_errors_total',
      { cluster: CLUSTER, job: 'node-local-dns-setup', instance: 'n1', node: 'n1', errortype: 'iptables', ...where },
      [MINUTES, perMinute / 60],
    );
  const at = (minute: number, ...expected: readonly Labels[]) =>
    fires('NodeLocalDNSSetupErrors', 'warning', minute, expected);

  test('fires with more than five in a quarter of an hour, for each node and step', async () => {
    await expectAlerts(
      [errors(0.3), errors(0.5, { node: 'n2', instance: 'n2', errortype: 'interface_add' })],
      at(40, { cluster: CLUSTER, instance: 'n2', node: 'n2', errortype: 'interface_add' }),
    );
  });

  test('does not exist where NodeLocal DNSCache is not scraped', () => {
    expect(generate().bundle.skipped).toContainEqual({
      kind: 'alert',
      alert: 'NodeLocalDNSSetupErrors',
      reason: 'nodeLocalDns.scrape is false',
    });
  });
});

describe('texts', () => {
  const urls = generate({ nodeLocalDns: { scrape: true }, grafana: { url: 'https://grafana.example.com' } });

  /** What an alert says at a minute. */
  const says = (
    series: readonly InputSeries[],
    alertname: string,
    labels: Labels,
    description: RegExp,
    variables: string,
  ) =>
    testRules(
      [urls.file(RULES.dns)],
      [
        {
          name: alertname,
          interval: INTERVAL,
          input_series: series,
          promql_expr_test: [],
          alert_rule_test: [{ alertname, eval_time: '40m', exp_alerts: [{ exp_labels: labels, exp_annotations: {} }] }],
        },
      ],
    ).catch((error: unknown) => {
      const report = String(error).replaceAll(String.raw`\"`, '"');
      expect(report).toMatch(description);
      expect(report).toContain(
        `https://grafana.example.com/d/cluster-dns?from=now-3h&to=now&var-cluster=${CLUSTER}${variables}`,
      );
    });

  test.each([
    [
      'CoreDNSErrorsHigh',
      answering(5, 100),
      /Cluster production: 5% of the answers of coredns are SERVFAIL/,
      '&var-job=coredns',
    ],
    [
      'CoreDNSLatencyHigh',
      answeringWithin('2'),
      /one in a hundred answers of coredns takes 1\.98s or longer/,
      '&var-job=coredns',
    ],
    [
      'CoreDNSUpstreamUnhealthy',
      [failing(120)],
      /upstream server 169\.254\.169\.253:53 failed 120 health checks of one server of coredns in the last 5m/,
      '&var-job=coredns',
    ],
    [
      'DNSThrottledAtInterface',
      [dropping(120), forwarding()],
      /Node n1 of cluster production, interface ens5: 120 packets in the last 5m were dropped/,
      '',
    ],
  ] as const)(
    '%s names the place and the size, and links to its dashboard',
    async (alert, series, description, variables) => {
      expect.hasAssertions();
      await says(series, alert, { cluster: CLUSTER }, description, variables);
    },
  );
});
