import { ETHTOOL_COUNTERS } from '../../allowances/settings.ts';
import { CONTROL_PLANE } from '../../control-plane/index.ts';
import { DNS_LABEL, ENDPOINT, GO_DURATION, IMAGE, LABELS } from '../../schema/formats.ts';
import { flag, orNull, section, value } from '../../schema/settings.ts';
import { CLUSTER, RULES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { FLOWS } from '../../traffic/settings.ts';

/** More requests per second than an API server takes of one client by default would only measure its refusals. */
const MOST_PER_SECOND = 10_000;
/** Pods of the largest cluster that Kubernetes supports. */
const MOST_PODS = 150_000;

const counted = <const U extends string, const M extends number>(unit: U, maximum: M, description: string) =>
  ({ type: 'integer', minimum: 1, maximum, unit, description }) as const;

/** One run of kube-burner. */
const SCENARIO = {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'iterations', 'qps', 'burst'],
  expected: 'a mapping with name, iterations, qps and burst',
  properties: {
    name: { ...DNS_LABEL, maxLength: 40, description: 'Name of the run, in its file, its job and its namespaces.' },
    iterations: counted('iterations', MOST_PODS, 'How often the job runs. Each iteration has a namespace of its own.'),
    replicas: counted('Deployments', 1000, 'Deployments of each iteration, of one pod each; 1 by default.'),
    qps: counted('requests/s', MOST_PER_SECOND, 'Requests per second to the API server, on average.'),
    burst: counted('requests', MOST_PER_SECOND, 'Requests that may go out at once.'),
    preloadImages: {
      type: 'boolean',
      description:
        'Whether a DaemonSet pulls the image on each node first; true by default. false measures the pull too.',
    },
    wait: {
      type: 'boolean',
      description: 'Whether the run ends only when all its pods are ready; true by default.',
    },
  },
} as const;

/** The three runs of the public write-up on the performance of Cilium: one pod, more than maxPods, and more than the addresses of a /24. */
const PUBLISHED = [
  { name: 'one-deployment', iterations: 1, qps: 1, burst: 1 },
  { name: 'fill-node', iterations: 100, qps: 300, burst: 300 },
  { name: 'fill-pod-cidr', iterations: 300, qps: 300, burst: 300 },
] as const;

/** The pause image of kubeadm since Kubernetes 1.31: it runs as a user other than root, and uses next to nothing. */
const PAUSE = 'registry.k8s.io/pause:3.10';

export const KUBE_BURNER = section('Runs of kube-burner, and profiles that query the recorded series.', {
  enabled: flag(false, 'Whether to write the metrics and alert profiles, and the runs.'),
  scenarios: {
    type: 'array',
    items: SCENARIO,
    default: PUBLISHED,
    maxItems: 20,
    description:
      'Runs: a configuration each, over one object template and one run that deletes. The default has a single pod, more pods than a node takes ' +
      'by default beside what runs there, and more than a /24 has addresses. [] writes the profiles only.',
  } as const,
  prometheus: value(
    ENDPOINT,
    'http://localhost:9090',
    'Prometheus that the profiles are evaluated on, as seen from where kube-burner runs.',
  ),
  image: value(IMAGE, PAUSE, 'Pinned image of the pods. It has to run as a user other than root.'),
  nodeSelector: value(
    LABELS,
    {},
    'Labels of the nodes that take the pods, such as { kubernetes.io/hostname: worker-1 } to fill one node. {}: all nodes.',
  ),
  podReady: value(
    orNull(GO_DURATION),
    null,
    'The run fails if the 99th percentile from the creation of a pod to its readiness takes longer. Kubernetes aims at 5s. null: it is measured only.',
  ),
  maxWait: value(
    GO_DURATION,
    '15m',
    'How long a run waits for its pods before it gives up, for example because no node takes them.',
  ),
  pause: value(
    GO_DURATION,
    '2m',
    'Pause after a job before its metrics are collected: rates and rules show it some time after it happened.',
  ),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { kubeBurner: KUBE_BURNER };
export const READS = {
  cluster: CLUSTER,
  rules: RULES,
  cloud: CLOUD,
  flows: FLOWS,
  ethtool: ETHTOOL_COUNTERS,
  controlPlane: CONTROL_PLANE,
};
export type KubeBurnerConfig = Slice<typeof SETTINGS & typeof READS>;

/** One run, as the configuration has it. */
export type Scenario = KubeBurnerConfig['kubeBurner']['scenarios'][number];
