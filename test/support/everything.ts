import { ONE_LOADER, SOURCES } from './registry.ts';

const ENDPOINT = 'https://aps-workspaces.ap-northeast-2.amazonaws.com/workspaces/ws-1/api/v1/remote_write';

/** Every manifest that can be asked for, and every packaging. */
export const EVERYTHING = {
  kubernetes: { version: '1.34' },
  rules: { compatibilityRecords: true },
  cloud: { region: 'ap-northeast-2' },
  monitors: { enabled: true },
  ethtool: { daemonSet: { enabled: true } },
  adot: { enabled: true, endpoint: ENDPOINT, mode: 'statefulset', targetAllocator: true, replicas: 2 },
  routing: {
    services: [
      { namespace: 'shop', name: 'cart' },
      { namespace: 'shop', name: 'db', internalTrafficPolicy: 'Local' },
    ],
    workloads: [
      { namespace: 'shop', kind: 'Deployment', name: 'cart', labels: { app: 'cart' }, minDomains: 3 },
      { namespace: 'shop', kind: 'StatefulSet', name: 'db', labels: { app: 'db' }, maxSkew: 2 },
    ],
  },
  nodeLocalDns: { scrape: true },
  kubeBurner: { enabled: true },
  trafficCheck: { enabled: true, zones: ['zone-a', 'zone-b', 'zone-c'] },
  networkBenchmark: { enabled: true },
  amp: {
    workspaceId: 'ws-1',
    tags: { team: 'net' },
    alertmanager: {
      sns: { topicArn: 'arn:aws:sns:ap-northeast-2:123456789012:alerts' },
      pagerduty: { secretArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:pagerduty' },
    },
  },
  targets: ONE_LOADER,
} as const;

/** Sets of flow sources whose manifests differ; those of beyla are those of obi. */
const SETS = [['retina-hubble', 'obi'], ['retina-standard'], ['netobserv'], ['cilium-hubble', 'kubezonnet']];
const IN_SETS = new Set(['beyla', ...SETS.flat()]);

/** The same over every set of flow sources. */
export const EVERY_SOURCE = [...SETS, ...SOURCES.filter((id) => !IN_SETS.has(id)).map((id) => [id])].map((source) => ({
  ...EVERYTHING,
  flows: { source },
}));
