import { join } from 'node:path';
import { dump } from 'js-yaml';
import { plain } from '../../../generators/index.ts';
import type { Agent, AgentContext } from '../agent.ts';
import type { KubeObject } from '../objects.ts';
import { at, environmentOf, valuesOf } from './shared.ts';

/** Metrics of the agent itself, and of standard mode. */
const AGENT_PORT = 10_093;

/** Where upstream builds Retina, and so where the agent looks for the C sources that it compiles. Upstream: controller/Dockerfile. */
const RETINA_SOURCES = '/go/src/github.com/microsoft/retina/pkg/plugin';

const RETINA_FILES = {
  controller: 'the agent',
  'retina-operator': 'the operator',
  plugin: `the folder pkg/plugin of its sources, which images have at ${RETINA_SOURCES}`,
};
const RETINA_PROGRAMS = { clang: 'Debian: clang' };

const RETINA_LOSSES = [/_lost_events_counter/, /^hubble_lost_events_total/];

/** Settings of the chart that the generated values leave as they are. Upstream: deploy/standard and deploy/hubble, values.yaml. */
const RETINA_DEFAULTS = {
  apiServer: { host: '0.0.0.0', port: AGENT_PORT },
  logLevel: 'info',
  metricsInterval: '10s',
  metricsIntervalDuration: '10s',
  enableTelemetry: false,
  conntrackReportInterval: '30s',
  dataSamplingRate: 1,
  packetParserRingBuffer: 'disabled',
  packetParserRingBufferSize: 8_388_608,
};

/** The agent's own file, as the charts write it from the values. */
function retinaConfig(values: unknown): string {
  const keys = [
    'enablePodLevel',
    'remoteContext',
    'enableAnnotations',
    'bypassLookupIPOfInterest',
    'dataAggregationLevel',
    'conntrackReportInterval',
    'enableConntrackMetrics',
    'filterMapMaxEntries',
  ];
  const set = Object.fromEntries(
    keys.map((key) => [key, at(values, key)] as const).filter(([, value]) => value !== undefined),
  );
  return dump({ ...RETINA_DEFAULTS, ...set, enabledPlugin: ['packetparser'] });
}

/** Both modes of Retina, which differ in the command and its files. */
function retina(source: 'retina-hubble' | 'retina-standard'): Agent {
  const isHubble = source === 'retina-hubble';
  const chart = isHubble ? 'retina-hubble' : 'retina';
  const folder = (context: AgentContext, name: string): string => {
    const values = valuesOf(context, chart);
    const text = (path: string, value: unknown): string => context.write(`${name}/${path}`, String(value));
    if (isHubble) {
      text('cluster-name', 'lab');
      text('leader-election', 'false');
      text('enable-hubble', 'true');
      text('hubble-metrics-server', `:${String(at(values, 'hubble', 'metrics', 'port'))}`);
      text('hubble-metrics', (at(values, 'hubble', 'metrics', 'enabled') as readonly string[]).join(' '));
      text('hubble-event-queue-size', at(values, 'hubble', 'eventQueueSize'));
      text('hubble-event-buffer-capacity', at(values, 'hubble', 'eventBufferCapacity'));
    }
    return text('config.yaml', retinaConfig(values)).replace(/\/config\.yaml$/, '');
  };
  return {
    id: source,
    source,
    files: RETINA_FILES,
    programs: RETINA_PROGRAMS,
    hasAggregation: true,
    bytes: 'ethernet',
    config: (aggregation) => ({ flows: { source }, retina: { dataAggregationLevel: aggregation } }),
    objects: ({ generated }) =>
      generated.manifests
        .filter(({ name }) => name === 'metrics-configuration')
        .map(({ content }) => ({
          path: '/apis/retina.sh/v1alpha1/metricsconfigurations',
          object: plain(content) as KubeObject['object'],
        })),
    central: (context) => {
      const settings = isHubble
        ? ['manage-cilium-crds', `--config-dir=${join(context.write('operator/leader-election', 'false'), '..')}`]
        : [
            `--config=${context.write('operator/operator-config.yaml', dump({ installCRDs: true, enableTelemetry: false, remoteContext: true, captureDebug: true }))}`,
          ];
      return [
        {
          name: 'operator',
          argv: [
            join(context.binaries, 'retina-operator'),
            ...settings,
            ...(isHubble ? ['--leader-election-namespace=kube-system'] : []),
          ],
          env: { KUBECONFIG: context.kubeconfig, POD_NAME: 'operator' },
        },
      ];
    },
    onNode: (context, node) => {
      const config = folder(context, node.name);
      return [
        {
          name: 'retina',
          argv: [
            join(context.binaries, 'controller'),
            ...(isHubble ? ['hubble-control-plane', `--config-dir=${config}`] : [`--config=${config}/config.yaml`]),
          ],
          env: environmentOf(context, node),
          mounts: { [RETINA_SOURCES]: join(context.binaries, 'plugin') },
        },
      ];
    },
    ports: ({ retina: { hubblePort } }) => (isHubble ? [hubblePort, AGENT_PORT] : [AGENT_PORT]),
    losses: RETINA_LOSSES,
    delaySeconds: 10,
  };
}

export const retinaHubble = retina('retina-hubble');
export const retinaStandard = retina('retina-standard');
