import { CPU, IMAGE, KUBERNETES_NAME, LINE, MEMORY, PORT } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import { count, flag, namespace, section, value, when } from '../../schema/settings.ts';
import { ALLOWANCE_SETTINGS } from '../../allowances/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import type { Names, Slice } from '../../settings/section.ts';

/** The image that upstream's manifest pins (Showmax/prometheus-ethtool-exporter, deploy/k8s-daemonset.yaml). */
const PINNED = 'drdivano/ethtool-exporter@sha256:39e0916b16de07f62c2becb917c94cbb3a6e124a577e1325505e4d0cdd550d7b';

const ARGUMENTS = {
  type: ['array', 'null'],
  items: { ...LINE, minLength: 1 },
  expected: 'a list of arguments, or null',
} as const;

/** The ethtool exporter as a DaemonSet. */
const ETHTOOL_DAEMON_SET = section("Manifest that runs Showmax's exporter on every node.", {
  enabled: flag(false, 'Whether to write the manifest.'),
  namespace: namespace('monitoring', 'the exporter'),
  image: value(IMAGE, PINNED, 'Pinned image; upstream publishes it without releases.'),
  arguments: value(
    ARGUMENTS,
    null,
    'Replaces our arguments of the exporter, for newer images with other options. $(IP) is the node address.',
  ),
  runAsUser: count(65_534, 'User ID of the process. Reading statistics needs no privilege. 0 is root.', {
    minimum: 0,
    maximum: MAX_INT32,
  }),
  cpu: value(CPU, '100m', 'CPU limit.'),
  memory: value(MEMORY, '100Mi', 'Memory request and limit.'),
});

/** The source of ENA counters, and the exporter by Showmax. */
export const ETHTOOL = (names: Names) =>
  section('Source of the ENA allowance counters of EC2 nodes.', {
    ...ALLOWANCE_SETTINGS(names),
    app: value(KUBERNETES_NAME, 'ethtool-exporter', "Value of the label app on showmax's pods."),
    port: value(PORT, 9417, 'Port of showmax.'),
    daemonSet: when({ 'ethtool.daemonSet.enabled': true }, ETHTOOL_DAEMON_SET),
  });

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { ethtool: ETHTOOL };
export const READS = { cluster: CLUSTER, scrape: SCRAPE, packaging: PACKAGING };
export type EthtoolExporterConfig = Slice<typeof SETTINGS & typeof READS>;
