import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { applyCommand } from '../../shared/apply.ts';
import { NAME_LABEL } from '../../identity/index.ts';
import { ROUND_SECONDS, SCRIPT, SCRIPT_FILE } from './script.ts';
import type { TrafficCheckConfig } from './settings.ts';

type Role = 'client' | 'server';

const NAME = 'traffic-check';
const PORT = 8080;
const FOLDER = '/traffic-check';
const USER = 1000;

/** Idle usage of Node.js; the limit leaves it room to start. */
const CPU_REQUEST = '10m';

/** The node label whose values are the zones that the rules record. */
export const zoneLabel = ({ zones }: Pick<TrafficCheckConfig, 'zones'>): string =>
  zones.from[0] === 'node-label' ? zones.nodeLabel : NAME_LABEL;

/** A zone as part of an object's name, which has no capitals, dots and underscores. */
export const inName = (zone: string): string => zone.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');

const nameOf = (role: Role, zone: string): string => `${role}-${inName(zone)}`;

const roleLabels = (role: Role) => ({ 'app.kubernetes.io/name': NAME, 'app.kubernetes.io/component': role });
const zoneLabels = (zone: string) => ({ [`${NAME}/zone`]: zone });

const variables = (values: Readonly<Record<string, string>>): readonly Tree[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

function environment({ trafficCheck }: TrafficCheckConfig, role: Role, zone: string): Tree {
  const servers = trafficCheck.zones.map((name) => ({ zone: name, host: nameOf('server', name), port: PORT }));
  return [
    ...variables({ ROLE: role, ZONE: zone }),
    { name: 'NODE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
    ...variables(
      role === 'server'
        ? { PORT: String(PORT) }
        : {
            SERVERS: JSON.stringify(servers),
            BYTES_PER_SECOND: String(trafficCheck.bytesPerSecond),
            ROUND_SECONDS: String(ROUND_SECONDS),
          },
    ),
  ];
}

const container = (config: TrafficCheckConfig, role: Role, zone: string): Tree => {
  const { image, cpu, memory } = config.trafficCheck;
  return {
    name: role,
    image,
    command: ['node', `${FOLDER}/${SCRIPT_FILE}`],
    env: environment(config, role, zone),
    ports: role === 'server' ? [{ name: 'check', containerPort: PORT, protocol: 'TCP' }] : undefined,
    resources: { requests: { cpu: CPU_REQUEST, memory }, limits: { cpu, memory } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: USER,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [{ name: 'script', mountPath: FOLDER, readOnly: true }],
  };
};

function deployment(config: TrafficCheckConfig, role: Role, zone: string): Tree {
  const labels = { ...roleLabels(role), ...zoneLabels(zone) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: nameOf(role, zone), namespace: config.trafficCheck.namespace, labels },
    spec: {
      replicas: 1,
      strategy: because('One pod at a time: two clients would send twice.', { type: 'Recreate' }),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          nodeSelector: because('Without a node of this zone, the pod stays Pending.', {
            'kubernetes.io/os': 'linux',
            [zoneLabel(config)]: zone,
          }),
          topologySpreadConstraints: because(
            'Client and server of a zone on two nodes, if it has two: some sources do not see all traffic within a node.',
            [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: { 'app.kubernetes.io/name': NAME, ...zoneLabels(zone) } },
              },
            ],
          ),
          terminationGracePeriodSeconds: 0,
          containers: [container(config, role, zone)],
          volumes: [{ name: 'script', configMap: { name: NAME } }],
        },
      },
    },
  };
}

function service({ trafficCheck }: TrafficCheckConfig, zone: string): Tree {
  const labels = { ...roleLabels('server'), ...zoneLabels(zone) };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: nameOf('server', zone), namespace: trafficCheck.namespace, labels },
    spec: {
      clusterIP:
        trafficCheck.through === 'pod' ? because('Headless: clients get the address of the pod.', 'None') : undefined,
      selector: labels,
      ports: [{ name: 'check', port: PORT, targetPort: PORT, protocol: 'TCP' }],
    },
  };
}

const general = ({ trafficCheck: { namespace } }: TrafficCheckConfig): readonly Tree[] => [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: NAME, namespace },
    data: { [SCRIPT_FILE]: SCRIPT },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: NAME, namespace },
    spec: {
      podSelector: {},
      policyTypes: because('Only clients reach servers; nothing reaches clients.', ['Ingress']),
      ingress: [
        {
          from: [{ podSelector: { matchLabels: roleLabels('client') } }],
          ports: [{ port: PORT, protocol: 'TCP' }],
        },
      ],
    },
  },
];

const SECONDS_PER_DAY = 86_400;

/**
 * A client and a server in each zone. Every client sends to every server, so each pair of zones has one known rate.
 * A List, because both the namespace and all that is in it come and go together.
 */
export function trafficCheckManifest(config: TrafficCheckConfig): Manifest {
  const { namespace, zones, bytesPerSecond } = config.trafficCheck;
  const across = zones.length * (zones.length - 1) * bytesPerSecond;
  const perDay = ((across * SECONDS_PER_DAY) / 1e9).toFixed(1);
  return {
    name: 'traffic-check',
    header:
      `Traffic of a known size: each of ${zones.length} clients sends ${bytesPerSecond} bytes/s to each of ${zones.length} servers, ` +
      `${across} bytes/s across zones (${perDay} GB a day, which your cloud may bill). Compare it with what is recorded: ` +
      'docs/attribution.md, "Check it on your own cluster".\n' +
      `${applyCommand(config, 'manifests/traffic-check.yaml')}\n` +
      'What was sent, a line for each round:\n' +
      `kubectl logs --namespace ${namespace} --selector app.kubernetes.io/component=client --tail 20\n` +
      'The end of it:\n' +
      `kubectl delete namespace ${namespace}`,
    content: {
      apiVersion: 'v1',
      kind: 'List',
      items: [
        ...general(config),
        ...zones.flatMap((zone) => [
          service(config, zone),
          deployment(config, 'server', zone),
          deployment(config, 'client', zone),
        ]),
      ],
    },
  };
}
