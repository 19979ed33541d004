import type { SourceName } from '../../generators/index.ts';
import type { TrafficCase } from './cases.ts';

/** Why a count of a case cannot be right, known beforehand. Its size is printed with the verdict. */
interface Limit {
  readonly sources: readonly SourceName[];
  readonly when: (one: TrafficCase) => boolean;
  /** The deviations that come of it, by their names: see `judge`. All by default. */
  readonly what?: RegExp;
  /** Whether what is counted is too little, too much, or either. */
  readonly sign: 'less' | 'more' | 'either';
  readonly reason: string;
}

const RETINA: readonly SourceName[] = ['retina-hubble', 'retina-standard'];
const BYTES: readonly SourceName[] = ['obi', 'beyla', 'netobserv'];

/** Limits of agents, as docs/attribution.md has them. */
const LIMITS: readonly Limit[] = [
  {
    sources: [...RETINA, 'kubezonnet'],
    when: ({ family }) => family === 'ipv6',
    sign: 'less',
    reason: 'The agent does not see IPv6.',
  },
  {
    sources: [...RETINA, ...BYTES],
    when: ({ offloads }) => offloads === 'offloads-on',
    sign: 'less',
    reason: 'With offloads, an event stands for a merged packet: fewer packets, and fewer bytes of headers.',
  },
  {
    sources: ['retina-hubble'],
    when: ({ aggregation }) => aggregation === 'high',
    sign: 'less',
    reason: 'With high aggregation, Hubble counts reports of connections, not packets.',
  },
  {
    sources: ['retina-standard'],
    when: ({ aggregation }) => aggregation === 'low',
    sign: 'more',
    reason: 'With low aggregation, a packet between nodes counts at the pod and at the network card.',
  },
  {
    sources: ['netobserv'],
    when: ({ extra }) => extra === undefined,
    what: /: shop\/web-p1a tx$/,
    sign: 'less',
    reason: 'What pods send to the outside is in the egress metrics only.',
  },
  {
    sources: ['netobserv'],
    when: ({ outside }) => outside === 'masqueraded',
    what: /: nodes rx$/,
    sign: 'more',
    reason: 'Masqueraded replies are reported as those of the pod and as those of its node, and count twice.',
  },
  {
    sources: [...RETINA, ...BYTES, 'kubezonnet'],
    when: ({ extra }) => extra === 'host-network-server' || extra === 'host-network-client',
    sign: 'either',
    reason: 'Pods on the host network appear as their node, if at all.',
  },
];

/** The reason for a deviation; undefined for one that no known limit explains. */
export const reasonFor = (source: SourceName, one: TrafficCase, what: string, by: number): string | undefined =>
  LIMITS.find(
    (limit) =>
      limit.sources.includes(source) &&
      limit.when(one) &&
      (limit.what?.test(what) ?? true) &&
      (limit.sign === 'either' || by < 0 === (limit.sign === 'less')),
  )?.reason;
