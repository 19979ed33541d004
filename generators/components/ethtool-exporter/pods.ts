import { type Problem, show } from '../../schema/problems.ts';

/** What Kubernetes checks about pods beyond their fields. Upstream: Kubernetes, pkg/apis/core/validation and pkg/apis/apps/validation. */

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
}

interface DaemonSet {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly hostNetwork?: boolean; readonly containers: readonly Container[] };
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

/** A quantity as a number of cores or bytes; its form was checked before. */
function amount(quantity: string): number {
  const [, number = '', unit = ''] = /^([0-9.]+)([a-zA-Z]*)$/.exec(quantity) ?? [];
  return Number(number) * (FACTORS[unit] ?? 1);
}

/** Pods that the selector does not match are refused. */
const selected = ({ spec: { selector, template } }: DaemonSet): readonly Problem[] =>
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

/** A pod on the network of its node has the ports of the node. */
const onHost = ({ ports = [] }: Container, path: string): readonly Problem[] =>
  ports.flatMap(({ containerPort, hostPort = containerPort }, index) =>
    hostPort === containerPort
      ? []
      : [
          {
            path: `${path}.ports.${index}.hostPort`,
            message: `got ${hostPort}, expected ${containerPort} as containerPort, beside hostNetwork`,
          },
        ],
  );

/** What the API server would refuse about a DaemonSet whose fields are right. */
export function daemonSetProblems(document: object): readonly Problem[] {
  const daemonSet = document as DaemonSet;
  const { containers, hostNetwork = false } = daemonSet.spec.template.spec;
  const ports = containers.flatMap((container) => container.ports ?? []);
  const hostPorts = ports.map(({ hostPort, protocol = 'TCP' }) =>
    hostPort === undefined ? undefined : `${protocol} ${hostPort}`,
  );
  return [
    ...selected(daemonSet),
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
        ...(hostNetwork ? onHost(container, path) : []),
      ];
    }),
  ];
}
