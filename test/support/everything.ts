import { SOURCES, TARGETS } from './registry.ts';

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
  amp: {
    workspaceId: 'ws-1',
    tags: { team: 'net' },
    alertmanager: {
      sns: { topicArn: 'arn:aws:sns:ap-northeast-2:123456789012:alerts' },
      pagerduty: { secretArn: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:pagerduty' },
    },
  },
  targets: TARGETS,
} as const;

/** Sources that are in one of the sets below, or that write the same as one that is. */
const KNOWN = new Set(['retina-hubble', 'obi', 'beyla', 'retina-standard', 'netobserv', 'cilium-hubble', 'kubezonnet']);

/** The same over every set of flow sources whose manifests differ. */
export const EVERY_SOURCE = [
  ['retina-hubble', 'obi'],
  ['retina-standard'],
  ['netobserv'],
  ['cilium-hubble', 'kubezonnet'],
  ...SOURCES.filter((id) => !KNOWN.has(id)).map((id) => [id]),
].map((source) => ({ ...EVERYTHING, flows: { source } }));
