import type { Case } from '../shared/cases.ts';
import { FLOW_SOURCES, OUTPUTS } from '../../generators/index.ts';

const WORKSPACE = 'ws-12345678-abcd-1234-abcd-123456789012';
const ENDPOINT = `https://aps-workspaces.ap-northeast-2.amazonaws.com/workspaces/${WORKSPACE}/api/v1/remote_write`;

/** A workspace of AMP and whom it tells, for configurations that have none. */
const AMP = {
  workspaceId: WORKSPACE,
  alertmanager: {
    sns: { topicArn: 'arn:aws:sns:ap-northeast-2:123456789012:alerts' },
    pagerduty: { secretArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:pagerduty' },
  },
};

/** Another output that loads the rules. */
const OPERATOR = 'prometheus-operator';

/** The first Grafana with Git Sync. */
const GIT_SYNC = 12;

/** What of a configuration decides how it can be packaged. */
interface Given {
  readonly grafana?: { readonly version?: number };
  readonly amp?: object;
  readonly adot?: { readonly endpoint?: string };
}

/** The workspace for the rules: that of the configuration, or else the one that its collector writes to. */
function ampOf({ amp = {}, adot }: Given): object {
  if ('workspaceId' in amp || 'workspace' in amp) return amp;
  const [, workspaceId = WORKSPACE] = /\/workspaces\/([^/]+)\//.exec(adot?.endpoint ?? '') ?? [];
  return { ...AMP, ...amp, workspaceId };
}

/** The same configuration with every output that it can have: twice, as amp and prometheus-operator both load the rules. */
export function inAllOutputs({ name, given }: Case): readonly [Case, Case] {
  const known = given as Given;
  const hasGitSync = (known.grafana?.version ?? GIT_SYNC) >= GIT_SYNC;
  const targets = OUTPUTS.map(({ id }) => id).filter(
    (target) => target !== OPERATOR && (target !== 'git-sync' || hasGitSync),
  );
  return [
    { name, given: { ...given, amp: ampOf(known), targets } },
    { name: `${name}, ${OPERATOR}`, given: { ...given, targets: [OPERATOR, 'manifests'] } },
  ];
}

const adot = (more: object = {}) => ({ enabled: true, endpoint: ENDPOINT, region: 'ap-northeast-2', ...more });

/** Each flow source with PodMonitors, and with the collector. */
const sources: readonly Case[] = [...FLOW_SOURCES, 'none'].flatMap((source) => [
  {
    name: `${source}, PodMonitors`,
    given: { flows: { source }, monitors: { enabled: true }, nodeLocalDns: { scrape: true } },
  },
  {
    name: `${source}, collector`,
    given: { flows: { source }, adot: adot(), ethtool: { daemonSet: { enabled: true } } },
  },
]);

const SERVICES = [
  { namespace: 'shop', name: 'cart' },
  { namespace: 'shop', name: 'local', internalTrafficPolicy: 'Local' },
];

const WORKLOADS = [
  { namespace: 'shop', kind: 'Deployment', name: 'cart', labels: { app: 'cart' }, minDomains: 3, maxSkew: 2 },
  { namespace: 'shop', kind: 'StatefulSet', name: 'db', labels: { app: 'db' } },
];

/** Patches on both sides of what generators/components/topology-routing knows of: 1.27, 1.31 and 1.34. */
const routing: readonly Case[] = ['1.27', '1.30', '1.31', '1.33', '1.34', '1.35'].map((version) => ({
  name: `routing for Kubernetes ${version}`,
  given: { kubernetes: { version }, routing: { services: SERVICES, workloads: WORKLOADS } },
}));

const N63 = 'a'.repeat(63);

const others: readonly Case[] = [
  ...['zone', 'pod'].map((granularity) => ({
    name: `netobserv by ${granularity}`,
    given: { flows: { source: 'netobserv', granularity } },
  })),
  {
    name: 'retina-standard before 1.1.0',
    given: { flows: { source: 'retina-standard' }, retina: { version: 'v1.0.0' } },
  },
  {
    name: 'retina-standard in some namespaces',
    given: { flows: { source: 'retina-standard' }, retina: { namespaces: { exclude: ['shop'] } } },
  },
  {
    name: 'collector with target allocator',
    given: {
      flows: { source: ['retina-hubble', 'obi'] },
      adot: adot({ mode: 'statefulset', targetAllocator: true, replicas: 3 }),
      nodeLocalDns: { scrape: true },
    },
  },
  {
    name: 'no cluster label, monitors, Grafana 11',
    given: {
      cluster: { label: null },
      monitors: { enabled: true },
      grafana: { version: 11, operator: { folder: 'A folder / with "quotes"' }, sidecar: { folder: 'Net: work' } },
    },
  },
  { name: 'dashboards in a folder by reference', given: { grafana: { operator: { folderRef: 'network' } } } },
  {
    name: 'dashboards in a folder by uid, for every Grafana',
    given: { grafana: { operator: { folderUID: 'uid-1', instanceLabels: {}, allowCrossNamespaceImport: false } } },
  },
  {
    name: 'texts that want quoting',
    given: {
      cluster: { name: 'ü "\\ {{ $x }} ${y} $1' },
      rules: { labels: { team: '한국 "<&>"', empty: 'no' } },
      monitors: { enabled: true },
      adot: adot(),
    },
  },
  {
    name: 'names of 63 characters, a workspace by reference',
    given: {
      ethtool: { app: N63, port: 65_535, daemonSet: { enabled: true, cpu: '0.25', memory: '1Gi', runAsUser: 0 } },
      monitors: { enabled: true, labels: { [`example.com/${N63}`]: N63 } },
      amp: { ...AMP, workspaceId: undefined, workspace: { name: N63 }, tags: { 'a b': 'c d' } },
      adot: adot({ name: N63, serviceAccount: N63, cpu: '0.5', memory: '64Mi' }),
    },
  },
  { name: 'kube-burner', given: { kubeBurner: { enabled: true } } },
  ...['service', 'pod'].map((through) => ({
    name: `traffic check through the ${through}`,
    given: { trafficCheck: { enabled: true, zones: ['us-east-1a', 'us-east-1b'], through } },
  })),
  ...['service', 'pod'].map((through) => ({
    name: `network benchmark through the ${through}`,
    given: { networkBenchmark: { enabled: true, through } },
  })),
];

/** Every case except the configuration of the repository and the examples. */
export const applyCases: readonly Case[] = [...sources, ...routing, ...others];
