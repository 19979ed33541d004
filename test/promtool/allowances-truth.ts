import { ALLOWANCES, type Labels } from './allowances-input.ts';
import { type Interface, MINUTES, perMinute, type Row, type Target } from './allowances-world.ts';
import type { Exporter } from './exporter-fleet.ts';
import { grouped, type Held, type Truth } from './held.ts';

/** Minutes of the window of the rules. */
const WINDOW = 5;
const START = MINUTES - WINDOW;

/** What one subject, packets or connections, has of the targets: each of its interfaces, and under which name the record has it. */
interface Sighting {
  readonly target: Target;
  readonly shown: Interface;
  readonly labels: Labels;
}

const targetKey = ({ cluster, job, instance, node }: Target): Labels => ({ cluster, job, instance, node });

const onInstance = ({ cluster = '', instance = '', node = '' }: Labels): Labels => ({ cluster, instance, node });

/** The name of the node of a target: its label, else who was seen last under its host. */
export function nameOf(
  { cluster, instance, node }: Pick<Target, 'cluster' | 'instance' | 'node'>,
  rows: readonly Row[],
) {
  if (node !== '') return node;
  const host = instance.startsWith('[') ? instance.slice(1, instance.indexOf(']')) : instance.replace(/:\d+$/, '');
  const said = rows.filter(
    (row) => row.lost === undefined && row.cluster === cluster && [row.address, row.node].includes(host),
  );
  const [last] = said.toSorted((one, other) => (other.until ?? MINUTES) - (one.until ?? MINUTES));
  return last?.node ?? '';
}

/** What must be recorded for exporters, in order of preference. */
export function truthOf(targets: readonly Target[], rows: readonly Row[], exporters: readonly Exporter[]): Truth {
  const ours = new Set(exporters.map(({ job }) => job));

  /** The targets of a subject, those of them that count, and what these show. */
  function subject(isShown: (shown: Interface) => boolean) {
    const there = targets.filter(({ until, interfaces }) => until > START && interfaces.some(isShown));
    const clusters = new Set(there.filter(({ job }) => ours.has(job)).map(({ cluster }) => cluster));
    const counting = there.filter(({ cluster, job }) => ours.has(job) || !clusters.has(cluster));
    const sightings = counting.flatMap((target): Sighting[] => {
      const name = nameOf(target, rows);
      return target.interfaces.filter(isShown).map((shown) => ({
        target,
        shown,
        labels: {
          cluster: target.cluster,
          instance: name === '' ? target.instance : name,
          node: name,
          device: shown.device,
        },
      }));
    });
    const named = grouped(counting, (target) => ({ ...targetKey(target), name: nameOf(target, rows) }));
    return {
      targets: grouped(there, targetKey).map(([labels]): Held => [labels, 1]),
      counting: named.map(([labels]): Held => [labels, 1]),
      sightings,
    };
  }

  const counted = subject(() => true);
  const tracked = subject(({ left }) => left !== undefined);
  const exceeded = ALLOWANCES.map(
    (allowance) =>
      [`metric:${allowance}_allowance_exceeded`, packetsOver(counted.sightings, exporters, allowance)] as const,
  );
  const all = exceeded.flatMap(([, held]) => held);
  const over = grouped(
    all.filter(([, value]) => value > 0),
    ([labels]) => onInstance(labels),
  );
  const instances = grouped(all, ([{ cluster = '', instance = '' }]) => ({ cluster, instance }));
  return {
    'metric:allowance_target:info': counted.targets,
    'metric:allowance_target_node:info': counted.counting,
    ...Object.fromEntries(exceeded),
    'metric:allowance_nodes:count': grouped(instances, ([{ cluster = '' }]) => ({ cluster })).map(
      ([labels, found]): Held => [labels, found.length],
    ),
    'metric:allowance_exceeded:node': over.map(([labels, held]): Held => [
      labels,
      held.reduce((sum, [, value]) => sum + value, 0),
    ]),
    'metric:allowance_exceeded:event_start': over.map(([labels]): Held => [labels, MINUTES * 60]),
    'metric:conntrack_target:info': tracked.targets,
    'metric:conntrack_target_node:info': tracked.counting,
    ...connections(tracked.sightings),
  };
}

/** Packets per second that a target saw over an allowance in the window; undefined where that takes more scrapes than there are. */
function rateOf({ target, shown }: Sighting, allowance: (typeof ALLOWANCES)[number]): number | undefined {
  const inWindow = perMinute(shown.packets[allowance]).slice(START, target.until);
  const sum = (minutes: readonly number[]) => minutes.reduce((total, each) => total + each, 0);
  // Each scrape of a delta says what came since the one before; two scrapes of a counter say what came between them.
  if (target.exporter.isDelta) return sum(inWindow) / (60 * WINDOW);
  return inWindow.length < 2 ? undefined : sum(inWindow.slice(1)) / (60 * (inWindow.length - 1));
}

/** Packets over an allowance by interface, as the first exporter says that knows the instance. */
function packetsOver(
  sightings: readonly Sighting[],
  exporters: readonly Exporter[],
  allowance: (typeof ALLOWANCES)[number],
): readonly Held[] {
  const known = new Set<string>();
  return exporters.flatMap((exporter) => {
    const own = sightings.filter(({ target }) => target.exporter === exporter);
    const held = grouped(own, ({ labels }) => labels).flatMap(([labels, seen]): Held[] => {
      const rates = seen.flatMap((one) => rateOf(one, allowance) ?? []);
      if (rates.length === 0 || known.has(`${labels['cluster']} ${labels['instance']}`)) return [];
      // Whoever scrapes a counter sees all packets; each scraper of a delta takes a part.
      return [[labels, exporter.isDelta ? rates.reduce((sum, each) => sum + each, 0) : Math.max(...rates)]];
    });
    for (const [{ cluster, instance }] of held) known.add(`${cluster} ${instance}`);
    return held;
  });
}

/** What is left of connection tracking, by interface and by node. */
function connections(sightings: readonly Sighting[]): Truth {
  const present = sightings.filter(({ target }) => target.until === MINUTES);
  const interfaces = grouped(present, ({ labels }) => labels).map(([labels, seen]) => ({
    labels,
    left: Math.min(...seen.flatMap(({ shown }) => shown.left ?? [])),
    hasMoved: seen.some(({ shown }) => shown.moves),
  }));
  const nodes = grouped(interfaces, ({ labels }) => onInstance(labels)).map(([labels, all]): Held => {
    const moved = all.filter(({ hasMoved }) => hasMoved);
    return [labels, Math.min(...(moved.length > 0 ? moved : all).map(({ left }) => left))];
  });
  const name = 'metric:conntrack_allowance_available';
  return {
    [`${name}:interface`]: interfaces.map(({ labels, left }) => [labels, left]),
    [`${name}:moved`]: interfaces.flatMap(({ labels, hasMoved }): Held[] => (hasMoved ? [[labels, MINUTES * 60]] : [])),
    [name]: nodes,
    [`${name}:max1h`]: nodes,
    [`${name}:max7d`]: nodes,
  };
}
