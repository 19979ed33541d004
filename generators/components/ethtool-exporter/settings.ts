import { CPU, IMAGE, KUBERNETES_NAME, LINE, MEMORY, PORT } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { ENABLED, namespace, SECTION } from '../../schema/settings.ts';
import { ALLOWANCE_SETTINGS } from '../../allowances/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import { type Names, type Slice } from '../../settings/section.ts';

/** The ethtool exporter as a DaemonSet. */
const ETHTOOL_DAEMON_SET = {
  ...SECTION,
  requires: { 'ethtool.daemonSet.enabled': true },
  description: "Manifest that runs Showmax's exporter on every node.",
  properties: {
    enabled: { ...ENABLED, description: 'Whether to write the manifest.' },
    namespace: namespace('monitoring', 'the exporter'),
    image: {
      ...IMAGE,
      // The image that upstream's manifest pins (Showmax/prometheus-ethtool-exporter, deploy/k8s-daemonset.yaml).
      default: 'drdivano/ethtool-exporter@sha256:39e0916b16de07f62c2becb917c94cbb3a6e124a577e1325505e4d0cdd550d7b',
      description: 'Pinned image; upstream publishes it without releases.',
    },
    arguments: {
      type: ['array', 'null'],
      items: { ...LINE, minLength: 1 },
      expected: 'a list of arguments, or null',
      default: null,
      description:
        'Replaces our arguments of the exporter, for newer images with other options. $(IP) is the node address.',
    },
    runAsUser: {
      type: 'integer',
      minimum: 0,
      maximum: MAX_INT32,
      default: 65_534,
      description: 'User ID of the process. Reading statistics needs no privilege. 0 is root.',
    },
    cpu: { ...CPU, default: '100m', description: 'CPU limit.' },
    memory: { ...MEMORY, default: '100Mi', description: 'Memory request and limit.' },
  },
} as const;

/** The source of ENA counters, and the exporter by Showmax. */
export const ETHTOOL = (names: Names) =>
  ({
    ...SECTION,
    description: 'Source of the ENA allowance counters of EC2 nodes.',
    properties: {
      ...ALLOWANCE_SETTINGS(names),
      app: {
        ...KUBERNETES_NAME,
        default: 'ethtool-exporter',
        description: "Value of the label app on showmax's pods.",
      },
      port: { ...PORT, default: 9417, description: 'Port of showmax.' },
      daemonSet: ETHTOOL_DAEMON_SET,
    },
  }) as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { ethtool: ETHTOOL };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, packaging: PACKAGING };
export type EthtoolExporterConfig = Slice<typeof SETTINGS & typeof READS>;
