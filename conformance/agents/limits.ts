import type { SourceName } from '../../generators/index.ts';
import type { TrafficCase } from './cases.ts';

/** Why the count of a case cannot be right, known beforehand. Its size is printed with the verdict. */
interface Limit {
  readonly sources: readonly SourceName[];
  readonly when: (one: TrafficCase) => boolean;
  readonly reason: string;
}

const RETINA: readonly SourceName[] = ['retina-hubble', 'retina-standard'];

/** Limits of agents, as docs/attribution.md has them. */
const LIMITS: readonly Limit[] = [
  { sources: RETINA, when: ({ family }) => family === 'ipv6', reason: 'Retina does not see IPv6.' },
  {
    sources: ['kubezonnet'],
    when: ({ family }) => family === 'ipv6',
    reason: 'kubezonnet does not see IPv6.',
  },
  {
    sources: RETINA,
    when: ({ offloads }) => offloads === 'offloads-on',
    reason:
      'With offloads, an event stands for a merged segment: fewer events than packets, and fewer bytes of headers.',
  },
  {
    sources: ['obi', 'beyla', 'netobserv'],
    when: ({ offloads }) => offloads === 'offloads-on',
    reason: 'With offloads, headers of merged segments are not counted, and packets are merged ones.',
  },
  {
    sources: ['retina-hubble'],
    when: ({ aggregation }) => aggregation === 'high',
    reason: 'With high aggregation, Hubble counts reports of connections, not packets.',
  },
  {
    sources: ['retina-standard'],
    when: ({ aggregation }) => aggregation === 'low',
    reason: 'With low aggregation, a packet between nodes counts at the pod and at the network card.',
  },
  {
    sources: [...RETINA, 'obi', 'beyla', 'netobserv', 'kubezonnet'],
    when: ({ extra }) => extra === 'host-network-server' || extra === 'host-network-client',
    reason: 'Pods on the host network appear as their node, if at all.',
  },
];

/** Reasons why a source may be wrong about a case. */
export const limitsOf = (source: SourceName, one: TrafficCase): readonly string[] =>
  LIMITS.filter(({ sources, when }) => sources.includes(source) && when(one)).map(({ reason }) => reason);
