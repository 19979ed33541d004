import { readsFrom } from '../sources/index.ts';
import { problem, zeroDuration, type Check } from './check.ts';
import { ciliumChecks } from '../components/cilium/checks.ts';
import type { Problem } from '../schema/problems.ts';
import { atLeast } from '../shared/version.ts';

/** A chart that is too old for what is written for it. */
const tooOld = (path: string, version: string, least: string, why: string): readonly Problem[] =>
  atLeast(`v${version}`, `v${least}`) ? [] : [problem(path, version, `${least} or newer, as ${why}`)];

/** Upstream: Retina, deploy/{hubble,standard}: the agent's DaemonSet has one name in both charts, and both listen on retinaPort. */
const twoRetinas: Check = {
  reads: ['flows.source'],
  find: (config) =>
    readsFrom(config, 'retina-hubble') && readsFrom(config, 'retina-standard')
      ? [
          problem(
            'flows.source',
            config.flows.source,
            'one of retina-hubble and retina-standard, as both charts install a DaemonSet retina-agent that listens on port 10093 of ' +
              'its node; for bytes beside retina-hubble take netobserv, obi or beyla',
          ),
        ]
      : [],
};

const nodeExporter: Check = {
  reads: ['ethtool.exporter', 'nodeExporter', 'cilium', 'flows.source', 'retina.hubblePort', 'obi.port', 'beyla.port'],
  find: (config) => {
    const { version, port } = config.nodeExporter;
    if (config.ethtool.exporter !== 'node-exporter') return [];
    const hosts = [
      { on: readsFrom(config, 'retina-hubble'), port: config.retina.hubblePort, whose: 'retina.hubblePort' },
      { on: readsFrom(config, 'retina-hubble', 'retina-standard'), port: 10_093, whose: 'the Retina agent' },
      {
        on: readsFrom(config, 'cilium-hubble') || config.cilium.values === 'full',
        port: config.cilium.hubblePort,
        whose: 'cilium.hubblePort',
      },
      { on: readsFrom(config, 'obi'), port: config.obi.port, whose: 'obi.port' },
      { on: readsFrom(config, 'beyla'), port: config.beyla.port, whose: 'beyla.port' },
    ].filter((other) => other.on && other.port === port);
    return [
      ...tooOld(
        'nodeExporter.version',
        version,
        '4.3.1',
        'older charts bring a PodSecurityPolicy, which no Kubernetes from 1.25 on takes',
      ),
      ...hosts.map(({ whose }) =>
        problem(
          'nodeExporter.port',
          port,
          `a port that is free on the network of the host (this one is that of ${whose})`,
        ),
      ),
    ];
  },
};

/** Upstream: kube-state-metrics, CHANGELOG; prometheus-community/helm-charts, charts/kube-state-metrics/Chart.yaml. */
const kubeStateMetrics: Check = {
  reads: ['kubeStateMetrics', 'flows.source'],
  find: ({ kubeStateMetrics: { standalone, version }, flows }) => {
    if (!standalone) return [];
    return [
      ...tooOld(
        'kubeStateMetrics.version',
        version,
        '5.17.0',
        'kube_node_status_addresses, by which the addresses of nodes are known, came with its kube-state-metrics 2.11',
      ),
      ...(flows.source === 'none'
        ? [problem('kubeStateMetrics.standalone', true, 'false, as flows.source is none and no rule reads its metrics')]
        : []),
    ];
  },
};

/** Upstream: kubernetes-sigs/descheduler, charts/descheduler. */
const descheduler: Check = {
  reads: ['descheduler'],
  find: ({ descheduler: given }) => {
    const { enabled, version, kind, metrics, replicas, dryRun, namespaces, interval, protect } = given;
    if (!enabled) return [];
    const found = tooOld(
      'descheduler.version',
      version,
      '0.30.0',
      "older charts have a policy of the API v1alpha1, which Helm would mix with this one's v1alpha2",
    ).slice();
    if (kind === 'CronJob' && metrics === true) {
      found.push(
        problem(
          'descheduler.metrics',
          true,
          'false or null, as a CronJob ends before anyone scrapes it (kind: Deployment stays)',
        ),
      );
    }
    if (kind === 'CronJob' && replicas > 1) {
      found.push(problem('descheduler.replicas', replicas, '1, as a CronJob runs one pod'));
    }
    if (dryRun && replicas > 1) {
      found.push(
        problem(
          'descheduler.replicas',
          replicas,
          '1, as several elect a leader, which the descheduler refuses with dryRun',
        ),
      );
    }
    if (namespaces.include.length > 0 && namespaces.exclude.length > 0) {
      found.push(problem('descheduler.namespaces', namespaces, 'include or exclude, not both'));
    }
    if (/^0*[hms]?(0+[ms])*$/.test(interval)) {
      found.push(zeroDuration('descheduler.interval', interval, ', as it would run once and end'));
    }
    // The descheduler has it from 0.32.0 on; the chart, the permission to read PodDisruptionBudgets.
    if (protect.includes('PodsWithoutPDB') && !atLeast(`v${version}`, 'v0.32.2')) {
      found.push(
        problem('descheduler.protect', protect, `no PodsWithoutPDB, as the chart ${version} does not allow for it`),
      );
    }
    return found;
  },
};

/** Whether the charts can be installed as asked, together. */
export const chartChecks: readonly Check[] = [twoRetinas, nodeExporter, kubeStateMetrics, descheduler, ...ciliumChecks];
