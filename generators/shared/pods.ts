import { DNS_LABEL, LABEL_KEY, LABELS, matching, POSITIVE_INT32, QUANTITY } from '../schema/formats.ts';
import { MAX_INT32 } from '../schema/limits.ts';
import {
  closed,
  COUNT,
  FLAG,
  listOf,
  oneOf,
  PORT_NUMBER,
  RESOURCES,
  type Schema,
  SELECTOR,
  SOME_TEXT,
  TEXT,
} from '../schema/objects.ts';
import { type Problem, show } from '../schema/problems.ts';

const SECURITY: Schema = closed({
  allowPrivilegeEscalation: FLAG,
  readOnlyRootFilesystem: FLAG,
  runAsNonRoot: FLAG,
  runAsUser: { type: 'integer', minimum: 0, maximum: MAX_INT32, expected: `a user id from 0 to ${MAX_INT32}` },
  capabilities: closed({ drop: listOf(SOME_TEXT) }),
  seccompProfile: closed({ 'type!': oneOf('RuntimeDefault') }),
});

const VARIABLE: Schema = matching('^[ -<>-~]+$', 'a variable name: printable ASCII characters other than =');

const CONTAINER: Schema = closed({
  'name!': DNS_LABEL,
  'image!': SOME_TEXT,
  command: listOf(TEXT),
  args: listOf(TEXT),
  env: listOf(
    closed({
      'name!': VARIABLE,
      value: TEXT,
      valueFrom: closed({
        'fieldRef!': closed({ apiVersion: oneOf('v1'), 'fieldPath!': oneOf('status.podIP', 'spec.nodeName') }),
      }),
    }),
  ),
  ports: listOf(
    closed({
      name: matching('^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$', 'a port name of up to 15 characters'),
      'containerPort!': PORT_NUMBER,
      hostPort: PORT_NUMBER,
      protocol: oneOf('TCP', 'UDP'),
    }),
  ),
  resources: RESOURCES,
  securityContext: SECURITY,
  volumeMounts: listOf(closed({ 'name!': DNS_LABEL, 'mountPath!': SOME_TEXT, readOnly: FLAG })),
});

/** Tolerates every taint. Kubernetes requires this operator if there is no key. */
const TOLERATION: Schema = closed({ 'operator!': { const: 'Exists', expected: 'Exists without a key' } });

const SPREAD: Schema = closed({
  'maxSkew!': POSITIVE_INT32,
  'topologyKey!': oneOf('kubernetes.io/hostname'),
  'whenUnsatisfiable!': oneOf('ScheduleAnyway'),
  'labelSelector!': SELECTOR,
});

/** Nodes by the pods that run there, or in the same zone. */
const AFFINITY_TERMS: Schema = closed({
  'requiredDuringSchedulingIgnoredDuringExecution!': listOf(
    closed({
      'labelSelector!': SELECTOR,
      'topologyKey!': oneOf('kubernetes.io/hostname', 'topology.kubernetes.io/zone', 'kubernetes.io/os'),
    }),
  ),
});

/** Nodes that have a label, whatever its value. */
const NODE_AFFINITY: Schema = closed({
  'requiredDuringSchedulingIgnoredDuringExecution!': closed({
    'nodeSelectorTerms!': listOf(
      closed({ 'matchExpressions!': listOf(closed({ 'key!': LABEL_KEY, 'operator!': oneOf('Exists') })) }),
    ),
  }),
});

const VOLUME: Schema = closed({
  'name!': DNS_LABEL,
  configMap: closed({ 'name!': DNS_LABEL }),
  emptyDir: closed({ 'sizeLimit!': QUANTITY }),
});

/** The pod. Upstream: Kubernetes, core/v1 PodSpec and pkg/apis/core/validation. */
export const POD: Schema = closed({
  affinity: closed({ nodeAffinity: NODE_AFFINITY, podAffinity: AFFINITY_TERMS, podAntiAffinity: AFFINITY_TERMS }),
  automountServiceAccountToken: FLAG,
  'containers!': listOf(CONTAINER),
  hostNetwork: FLAG,
  nodeSelector: LABELS,
  restartPolicy: oneOf('Never'),
  terminationGracePeriodSeconds: COUNT,
  tolerations: listOf(TOLERATION),
  topologySpreadConstraints: listOf(SPREAD),
  volumes: listOf(VOLUME),
});

/** The template of the pods of a workload: the fields that we write. Upstream: Kubernetes, api/openapi-spec. */
export const POD_TEMPLATE: Schema = closed({ 'metadata!': closed({ 'labels!': LABELS }), 'spec!': POD });

type Amounts = Readonly<Partial<Record<'cpu' | 'memory', string>>>;

interface Port {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
  readonly protocol?: string;
}

interface Container {
  readonly name: string;
  readonly ports?: readonly Port[];
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly volumeMounts?: readonly { readonly name: string }[];
}

interface Workload {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly hostNetwork?: boolean;
        readonly containers: readonly Container[];
        readonly volumes?: readonly { readonly name: string }[];
      };
    };
  };
}

const CONTAINERS = 'spec.template.spec.containers';

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity in cores or bytes; its format is already validated. */
export function amount(quantity: string): number {
  const [, number = '', unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return Number(number) * (FACTORS[unit] ?? 1);
}

/** The API server refuses a selector that does not match the pod template. */
const selected = ({ spec: { selector, template } }: Workload): readonly Problem[] =>
  Object.entries(selector.matchLabels)
    .filter(([label, value]) => template.metadata.labels[label] !== value)
    .map(([label, value]) => ({
      path: 'spec.template.metadata.labels',
      message: `got ${show(template.metadata.labels)}, expected ${label}: ${value} as in spec.selector`,
    }));

const twice = (path: string, values: readonly (string | number | undefined)[], what: string): readonly Problem[] =>
  values
    .filter((value, index) => value !== undefined && values.indexOf(value) !== index)
    .map((value) => ({ path, message: `got the ${what} ${show(value)} twice, expected each once` }));

const requested = ({ resources: { requests = {}, limits = {} } = {} }: Container, path: string): readonly Problem[] =>
  (['cpu', 'memory'] as const).flatMap((key) => {
    const { [key]: request } = requests;
    const { [key]: limit } = limits;
    return request === undefined || limit === undefined || amount(request) <= amount(limit)
      ? []
      : [
          {
            path: `${path}.resources.requests.${key}`,
            message: `got ${show(request)}, expected at most the limit ${limit}`,
          },
        ];
  });

/** On the host network, container ports are host ports. */
const onHost = ({ ports = [] }: Container, path: string): readonly Problem[] =>
  ports.flatMap(({ containerPort, hostPort = containerPort }, index) =>
    hostPort === containerPort
      ? []
      : [
          {
            path: `${path}.ports.${index}.hostPort`,
            message: `got ${hostPort}, expected ${containerPort}, the containerPort, with hostNetwork`,
          },
        ],
  );

const mounted = (
  { volumeMounts = [] }: Container,
  path: string,
  volumes: readonly { readonly name: string }[],
): readonly Problem[] =>
  volumeMounts.flatMap(({ name }, index) =>
    volumes.some((volume) => volume.name === name)
      ? []
      : [
          {
            path: `${path}.volumeMounts.${index}.name`,
            message: `got ${show(name)}, expected the name of a volume of the pod`,
          },
        ],
  );

/**
 * Problems of a DaemonSet or Deployment that the API server finds beyond the schema.
 * Upstream: Kubernetes, pkg/apis/core/validation and pkg/apis/apps/validation.
 */
export function workloadProblems(document: object): readonly Problem[] {
  const workload = document as Workload;
  const { containers, hostNetwork = false, volumes = [] } = workload.spec.template.spec;
  const ports = containers.flatMap((container) => container.ports ?? []);
  const hostPorts = ports.map(({ hostPort, protocol = 'TCP' }) =>
    hostPort === undefined ? undefined : `${protocol} ${hostPort}`,
  );
  return [
    ...selected(workload),
    ...twice(
      CONTAINERS,
      containers.map(({ name }) => name),
      'container',
    ),
    ...twice(CONTAINERS, hostPorts, 'host port'),
    ...containers.flatMap((container, index) => {
      const path = `${CONTAINERS}.${index}`;
      const names = (container.ports ?? []).map(({ name }) => name);
      return [
        ...twice(`${path}.ports`, names, 'port'),
        ...requested(container, path),
        ...mounted(container, path, volumes),
        ...(hostNetwork ? onHost(container, path) : []),
      ];
    }),
  ];
}
