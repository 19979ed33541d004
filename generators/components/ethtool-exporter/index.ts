import { AVAILABLE, COUNTERS, type EthtoolExporter } from '../../allowances/index.ts';
import { because } from '../../model/tree.ts';
import { matches, oneOf, selector } from '../../promql/index.ts';
import { checkOf, problem } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { exporterIs, isExporter, readsExporter } from '../../shared/exporters.ts';
import { fixedPort, instance, node, scrapeJob } from '../../shared/scrape.ts';
import { component } from '../contract.ts';
import { ethtoolDaemonSet } from './daemon-set.ts';
import { kinds } from './kinds.ts';
import { READS, SETTINGS, type EthtoolExporterConfig } from './settings.ts';

/**
 * Showmax prometheus-ethtool-exporter: one metric, with the name of the statistic in the label `type`. Its TYPE is gauge, but the
 * statistics are cumulative, so rate() is correct.
 * Upstream: Showmax/prometheus-ethtool-exporter, ethtool-exporter.py.
 */
const showmax: EthtoolExporter = {
  id: 'showmax',
  job: 'ethtool-exporter',
  counts: 'counter',
  interfaceLabel: 'device',
  // One metric for all statistics, which are named in `type`.
  labels: ['type'],
  exceeded: (allowance, { device }) =>
    selector('node_net_ethtool', { device: matches(device), type: `${allowance}_allowance_exceeded` }),
  conntrackAvailable: ({ device }) => selector('node_net_ethtool', { device: matches(device), type: AVAILABLE }),
  anyExceeded: ({ device }) => selector('node_net_ethtool', { device: matches(device), type: oneOf(COUNTERS) }),
};

/** RE2 syntax that Python, the language of the exporter, lacks or reads differently. */
const NOT_PYTHON = /\(\?(?!:)|\[\[:|\\[pPzQEC]|\\x\{/;

const daemonSet = checkOf<EthtoolExporterConfig>()(['ethtool'], (config) => {
  const { device, daemonSet: settings } = config.ethtool;
  if (!settings.enabled) return [];
  if (!readsExporter(config, showmax.id)) {
    return [problem('ethtool.daemonSet.enabled', true, `false, as ${exporterIs(config)}, not showmax`)];
  }
  const expected = 'a regular expression that means the same in Python, or your own ethtool.daemonSet.arguments';
  return problemIf(settings.arguments === null && NOT_PYTHON.test(device), 'ethtool.device', device, expected);
});

/** The ethtool exporter by Showmax, on every node: the ENA counters. */
export const ethtoolExporter = component({
  id: 'ethtool-exporter',
  settings: SETTINGS,
  reads: READS,
  checks: [daemonSet],
  enabled: (config) => isExporter(config, showmax.id),
  exports: { node_net_ethtool: 'the ethtool exporter' },
  exporters: { showmax },
  // Another installation of it may be off the host network.
  hostPorts: ({ ethtool: { port, daemonSet: ours } }) =>
    ours.enabled ? [{ port, owner: 'ethtool.port', setting: 'ethtool.port' }] : [],
  demands: [
    {
      output: 'manifests',
      setting: 'ethtool.daemonSet.enabled',
      when: ({ ethtool: { daemonSet: settings } }) => settings.enabled,
    },
  ],
  scrapeJobs: (config) => [
    scrapeJob(config, showmax.job, {
      label: `app=${config.ethtool.app}`,
      steps: [
        ...fixedPort(config.ethtool.port, 'The port of the exporter, declared by its pods or not.'),
        because('Alerts name the node, which the exporter does not know.', node),
        instance,
      ],
    }),
  ],
  manifests: (config) => (config.ethtool.daemonSet.enabled ? [ethtoolDaemonSet(config)] : []),
  kinds,
});
