import { CPU, IMAGE, KUBERNETES_NAME, LINE, MEMORY, PORT } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { ENABLED, namespace, SECTION } from '../../schema/settings.ts';
import { ALLOWANCE_SETTINGS } from '../../allowances/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import { type Names, type Slice } from '../../settings/section.ts';

/** The ethtool exporter as a DaemonSet; part of the section `ethtool`. */
const ETHTOOL_DAEMON_SET = {
  ...SECTION,
  requires: { 'ethtool.daemonSet.enabled': true },
  description: "Showmax's exporter on every node, as a manifest.",
  properties: {
    enabled: { ...ENABLED, description: 'Whether the manifest is written.' },
    namespace: namespace('monitoring', 'the exporter'),
    image: {
      ...IMAGE,
      // What upstream's own manifest pins (Showmax/prometheus-ethtool-exporter, deploy/k8s-daemonset.yaml).
      default: 'drdivano/ethtool-exporter@sha256:39e0916b16de07f62c2becb917c94cbb3a6e124a577e1325505e4d0cdd550d7b',
      description: 'The image, pinned; upstream publishes this one without releases.',
    },
    arguments: {
      type: ['array', 'null'],
      items: { ...LINE, minLength: 1 },
      expected: 'a list of arguments, or null',
      default: null,
      description:
        'Arguments of the exporter in place of ours, for images of newer versions, whose options differ. $(IP) is the address of the node.',
    },
    runAsUser: {
      type: 'integer',
      minimum: 0,
      maximum: MAX_INT32,
      default: 65_534,
      description: 'User id of the process: reading statistics takes no privilege. 0 is root.',
    },
    cpu: { ...CPU, default: '100m', description: 'CPU limit.' },
    memory: { ...MEMORY, default: '100Mi', description: 'Memory request and limit.' },
  },
} as const;

/** Where ENA counters are read from, and the exporter by Showmax. */
export const ETHTOOL = (names: Names) =>
  ({
    ...SECTION,
    description: 'Where the ENA allowance counters of EC2 nodes are read from.',
    properties: {
      ...ALLOWANCE_SETTINGS(names),
      app: { ...KUBERNETES_NAME, default: 'ethtool-exporter', description: "Label app of showmax's pods." },
      port: { ...PORT, default: 9417, description: 'Port that showmax listens on.' },
      daemonSet: ETHTOOL_DAEMON_SET,
    },
  }) as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { ethtool: ETHTOOL };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, packaging: PACKAGING };
export type EthtoolExporterConfig = Slice<typeof SETTINGS & typeof READS>;
