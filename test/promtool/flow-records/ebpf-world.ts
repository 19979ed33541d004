import { anyRate, happens, type Labels, oneOf, type Random, type Side, uniqueBy } from './world.ts';

/** An end as an agent reports it. One that it does not know has no name. */
export interface End {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly owner_type: string;
  readonly owner_name: string;
  readonly zone: string;
}

/** What one agent counts between two ends. */
export interface Report {
  readonly cluster: string;
  readonly from: End;
  readonly to: End;
  readonly rate: number;
  readonly agent: string;
  readonly instance: string;
}

const SHORT = { source: 'src', destination: 'dst' } as const;

/** Labels that tell ends apart, and all of them. */
export const KEY = ['namespace', 'name', 'type'] as const;
const OWNER = ['owner_type', 'owner_name'] as const;
export const labelOf = (side: Side, field: string): string =>
  field === 'zone' ? `${SHORT[side]}_zone` : `k8s_${SHORT[side]}_${field}`;
export const keyOf = (side: Side, end: End): Labels =>
  Object.fromEntries(KEY.map((field) => [labelOf(side, field), end[field]]));
export const allOf = (side: Side, end: End): Labels => ({
  ...keyOf(side, end),
  ...Object.fromEntries([...OWNER, 'zone' as const].map((field) => [labelOf(side, field), end[field]])),
});

/** The series of a report, for the agent of this name. */
export const labelsOf = (id: string, { cluster, from, to, agent, instance }: Report): Labels => ({
  cluster,
  ...allOf('source', from),
  ...allOf('destination', to),
  [`${id}_ip`]: agent,
  instance,
});

const CLUSTERS = ['one', 'two'] as const;
const MUCH = 8192;
const NOBODY: End = { namespace: '', name: '', type: '', owner_type: '', owner_name: '', zone: '' };

/** Whether something is so for a key: up to chance, but always the same. */
const decided = (random: Random, percent: number): ((...key: readonly unknown[]) => boolean) => {
  const known = new Map<string, boolean>();
  return (...key) => {
    const text = JSON.stringify(key);
    const is = known.get(text) ?? happens(random, percent);
    known.set(text, is);
    return is;
  };
};

/**
 * What agents say of ends that share names and kinds. They do not agree on owners and zones, and see only a part each; of some ends, none knows
 * both. Some ends talk to nobody that has no name, in one of the clusters.
 */
export function reportsOf(random: Random): readonly Report[] {
  const [isPoor, isOpen] = [decided(random, 40), decided(random, 70)];
  const described = (cluster: string, end: Pick<End, 'namespace' | 'name' | 'type'>): End => {
    const owner_name = oneOf(random, 'web', 'db', 'web', 'db', '');
    const zone = oneOf(random, 'a', 'b', 'a', 'b', '');
    return {
      ...end,
      owner_type: oneOf(random, 'Deployment', 'Job', ''),
      owner_name: isPoor(cluster, end) && zone !== '' ? '' : owner_name,
      zone,
    };
  };
  const named = (cluster: string): End => {
    const type = oneOf(random, 'Pod', 'Node', '');
    const namespace = oneOf(random, 'shop', 'pay', '');
    return described(cluster, {
      namespace: type === 'Node' && namespace === 'pay' ? '' : namespace,
      name: oneOf(random, 'x', 'y', 'z'),
      type,
    });
  };
  const open = (cluster: string, side: Side): End => {
    for (;;) {
      const end = named(cluster);
      if (isOpen(cluster, keyOf(side, end))) return end;
    }
  };
  const nobody = (cluster: string): End => (happens(random, 50) ? NOBODY : described(cluster, NOBODY));
  const service = (name: string): End => described('', { namespace: 'shop', name, type: 'Service' });
  const report = (cluster: string, from: End, to: End, rate = anyRate(random)): Report => ({
    cluster,
    from,
    to,
    rate,
    agent: oneOf(random, '10.0.0.1', '10.0.0.2', '10.0.0.3'),
    instance: oneOf(random, 'n1', 'n2'),
  });
  const times = (count: number, make: () => Report): Report[] => Array.from({ length: count }, make);
  const all = CLUSTERS.flatMap((cluster) => [
    ...times(60, () => report(cluster, named(cluster), named(cluster))),
    ...times(45, () => report(cluster, open(cluster, 'source'), nobody(cluster))),
    ...times(45, () => report(cluster, nobody(cluster), open(cluster, 'destination'))),
    ...times(4, () => report(cluster, nobody(cluster), nobody(cluster))),
    // More than all that nobody has.
    report(cluster, { ...NOBODY, name: 'x' }, { ...NOBODY, name: 'y' }, MUCH),
    // A call through a Service is also an edge to the Service, whose name may be missing as well.
    ...times(4, () => report(cluster, service('x'), named(cluster))),
    ...times(4, () => report(cluster, named(cluster), service('x'))),
    ...['x', ''].flatMap((name) => [
      report(cluster, service(name), nobody(cluster)),
      report(cluster, nobody(cluster), service(name)),
    ]),
    report(cluster, service(''), open(cluster, 'destination')),
    report(cluster, open(cluster, 'source'), service('')),
  ]);
  const again = all.flatMap((one) => {
    if (!happens(random, 50)) return [];
    const rate = anyRate(random);
    if (happens(random, 50)) return [{ ...one, instance: 'n3', rate }];
    const moved = ({ zone, ...end }: End): End => ({ ...end, zone: zone === 'a' ? 'b' : zone });
    return [{ ...one, from: moved(one.from), to: moved(one.to), agent: '10.0.0.4', rate }];
  });
  return uniqueBy([...all, ...again], (one) => labelsOf('obi', one));
}
