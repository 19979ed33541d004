import { createRandom, type Random } from '../../bench/random.ts';
import { seriesText } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { STEP, type Told } from './state-series.ts';

/** Longer ago than rules remember. */
const FORGOTTEN = 660;

const ADDRESSES = ['10.1.1.0', '10.1.1.1', '10.1.1.5', '10.1.2.5', '10.2.0.1', 'fd00:0:0:1::1', 'fd00:0:0:1::5'];
const V6_CIDR = 'fd00:0:0:1::/64';
const CIDRS = ['10.1.1.0/24', '10.1.1.0/24', '10.1.0.0/16', '10.0.0.0/8', V6_CIDR, '10.1.1.128/25', ''];
/** Of Services, few so that several have one. */
const SERVICE_IPS = ['10.96.0.1', '10.96.0.1', '10.96.0.2', 'None'];
const ZONES = ['zone-a', 'zone-b', '7', '8', ''];
const PROVIDER_IDS = [
  'aws:///zone-c/i-1',
  'aws:///8/i-1',
  'aws:///9/i-1',
  'gce://project/zone-d/x',
  'azure:///zone-e/x',
  '',
];
const KINDS = ['ReplicaSet', 'Job', 'Workflow', '', '<none>', 'Node'];
const NAMES = ['web', 'db'];
const NAMESPACES = ['shop', 'other'];

/** A network of which pods have their addresses in the pod CIDR of their node, or most of them. */
interface Orderly {
  readonly cidrs: Readonly<Record<string, readonly string[]>>;
  readonly ips: Readonly<Record<string, readonly string[]>>;
}

const REST = { n2: ['10.2.0.5'], n3: ['10.3.0.5'] };
const ORDERLY: readonly Orderly[] = [
  { cidrs: { n1: ['10.1.0.0/16'], n2: ['10.2.0.0/24'] }, ips: { ...REST, n1: ['10.1.1.5', '10.1.1.6', '10.1.2.5'] } },
  { cidrs: { n1: ['10.1.1.0/24', V6_CIDR] }, ips: { ...REST, n1: ['10.1.1.5', '10.1.1.6', 'fd00:0:0:1::5'] } },
  { cidrs: { n1: ['10.1.1.0/24'], n2: ['10.2.0.0/16'] }, ips: { ...REST, n1: ['10.1.1.5', '10.1.1.6', '10.1.2.5'] } },
  { cidrs: { n1: ['10.0.0.0/8'], n2: ['10.0.0.0/8'] }, ips: { n1: ['10.1.1.5', '10.7.0.5'], n2: ['10.8.0.5'] } },
];

interface Draw {
  readonly text: (items: readonly string[]) => string;
  readonly chance: (percent: number) => boolean;
  readonly count: (min: number, max: number) => number;
  /** A time that nothing else in the cluster has, and any time. */
  readonly age: () => number;
  readonly anyAge: () => number;
  readonly created: () => number;
}

function drawFrom(random: Random): Draw {
  const ages = Array.from({ length: 115 }, (_, index) => 20 + STEP * index);
  // Half of them are so long ago that a window of nine minutes would forget them.
  const drawn = () => random.int(random.int(0, 1) * Math.max(0, ages.length - 10), ages.length - 1);
  const text: Draw['text'] = (items) => items[random.int(0, items.length - 1)] ?? '';
  return {
    text,
    chance: (percent) => random.int(1, 100) <= percent,
    count: (min, max) => random.int(min, max),
    age: () => ages.splice(drawn(), 1)[0] ?? 20,
    anyAge: () => 20 + STEP * random.int(random.int(0, 1) * 105, 114),
    created: () => 1_700_000_000 + random.int(0, 1e6),
  };
}

/** Adds an object with all its series: told by one instance or two, of which the other was scraped before and may have said something else. */
type Tell = (series: readonly (readonly [metric: string, labels: Labels, value: number])[]) => void;

function teller({ chance }: Draw, age: () => number, told: Told[]): Tell {
  return (series) => {
    const isForgotten = chance(5);
    const isTwice = chance(40) && !isForgotten;
    const [last = FORGOTTEN, before = FORGOTTEN] = (isTwice ? [age(), age()] : [age()]).toSorted(
      (one, other) => one - other,
    );
    const say = (
      instance: string,
      seen: number,
      isGone: boolean,
      change: (metric: string, value: number) => number,
    ) => {
      for (const [metric, labels, value] of series)
        told.push({ metric, labels: { ...labels, instance }, value: change(metric, value), seen, isGone });
    };
    say('a', isForgotten ? FORGOTTEN : last, isForgotten || chance(50), (_metric, value) => value);
    if (isTwice) say('b', before, chance(50), outdated);
  };
}

/** What an instance says that is behind: the pod does not run yet. Should two disagree about a creation time, the later counts. */
function outdated(metric: string, value: number): number {
  if (metric.endsWith('_created')) return value - 500_000;
  return metric === 'kube_pod_status_phase' ? 0 : value;
}

function tellNode(name: string, draw: Draw, tell: Tell, orderly: Orderly | undefined): void {
  const { text, chance, count, created } = draw;
  const born = created();
  // The labels of the target are those of a pod of kube-state-metrics.
  const target = chance(50) ? { namespace: text(NAMESPACES), pod: text(NAMES) } : {};
  // A node may register again, with other labels; it may have one CIDR of each family.
  const first = text(CIDRS);
  const second = first.includes('.') && chance(50) ? V6_CIDR : first;
  const some = [first, second, first].slice(0, count(1, 3));
  const cidrs = orderly?.cidrs[name] ?? some;
  // Its addresses may outlive what else is known of it.
  const isKnown = chance(85);
  for (const pod_cidr of cidrs) {
    const addresses = { internal_ip: text(['', ...ADDRESSES]), pod_cidr };
    tell([
      ...(isKnown
        ? [['kube_node_info', { ...target, node: name, provider_id: text(PROVIDER_IDS), ...addresses }, 1] as const]
        : []),
      ...(chance(80)
        ? [['kube_node_labels', { node: name, label_topology_kubernetes_io_zone: text(ZONES) }, 1] as const]
        : []),
      ...(chance(80) ? [['kube_node_created', { node: name }, born] as const] : []),
      ...['InternalIP', 'ExternalIP', 'Hostname'].flatMap((type) =>
        chance(30) ? [['kube_node_status_addresses', { node: name, type, address: text(ADDRESSES) }, 1] as const] : [],
      ),
    ]);
  }
}

/** What names the controller of a pod. */
function controller(text: Draw['text']): Labels {
  const kind = text(KINDS);
  const name = { '': '', '<none>': '<none>', Node: 'n1' }[kind] ?? text([...NAMES, 'etl-bcdfb']);
  return { created_by_kind: kind, created_by_name: name };
}

function tellPods(draw: Draw, tell: Tell, orderly: Orderly | undefined): void {
  const { text, chance, count, created } = draw;
  const known = new Set<string>();
  const addresses = new Map<string, string>();
  for (let left = orderly === undefined ? count(3, 6) : count(5, 8); left > 0; left -= 1) {
    const pod: Labels = { namespace: text(NAMESPACES), pod: text(NAMES), uid: text(['u1', 'u2', 'u3']) };
    if (known.has(JSON.stringify(pod))) continue;
    known.add(JSON.stringify(pod));
    const node = text(['n1', 'n1', 'n2', 'n2', 'n3']);
    const pool = orderly === undefined ? ADDRESSES : (orderly.ips[node] ?? []);
    const host = { host_network: text(orderly === undefined ? ['true', 'true', 'false', 'false', ''] : ['false']) };
    const by = controller(text);
    // At first it has no node.
    if (chance(20)) tell([['kube_pod_info', { ...pod, ...by, ...host, node: '', pod_ip: text(ADDRESSES) }, 1]]);
    if (chance(5)) continue;
    const running = text(['Running', 'Running', 'Succeeded', '']);
    // It may keep the address of the one before it.
    const name = `${pod['namespace'] ?? ''}/${pod['pod'] ?? ''}`;
    const kept = orderly === undefined && chance(40) ? addresses.get(name) : undefined;
    const pod_ip = kept ?? text(['', ...pool, ...pool]);
    addresses.set(name, pod_ip);
    const info = { ...pod, ...host, node, pod_ip };
    // Another controller may have adopted it.
    const adopted = chance(15) ? [controller(text)] : [];
    tell([
      ...[by, ...adopted].map((one) => ['kube_pod_info', { ...info, ...one }, 1] as const),
      ...(chance(90) ? [['kube_pod_created', pod, created()] as const] : []),
      ...['Running', 'Succeeded'].flatMap((phase) =>
        running === '' ? [] : [['kube_pod_status_phase', { ...pod, phase }, Number(phase === running)] as const],
      ),
      ...[...new Set(['', ...ADDRESSES, ...pool])].flatMap((ip) =>
        (ip === pod_ip && chance(70)) || chance(10) ? [['kube_pod_ips', { ...pod, ip }, 1] as const] : [],
      ),
    ]);
  }
}

/** Owners of ReplicaSets and Jobs, of which one at most is gone: of two that are, neither would be the newer one. */
function tellOwners({ text, chance, count, age }: Draw, told: Told[]): void {
  const gone = new Set<string>();
  for (const [metric, label] of [
    ['kube_replicaset_owner', 'replicaset'],
    ['kube_job_owner', 'job_name'],
  ] as const)
    for (let left = count(1, 4); left > 0; left -= 1) {
      const object = { namespace: text(NAMESPACES), [label]: text(NAMES) };
      const owner = { owner_kind: text(['Deployment', 'CronJob', 'Workflow']), owner_name: text(['api', 'etl-bcdfb']) };
      const key = JSON.stringify([metric, object]);
      const seen = age();
      const isGone = seen >= 300 || chance(30);
      if (isGone && gone.has(key)) continue;
      if (isGone) gone.add(key);
      const labels = { ...object, ...owner, owner_is_controller: String(chance(80)) };
      for (const instance of chance(40) ? ['a', 'b'] : ['a'])
        told.push({ metric, labels: { ...labels, instance }, value: 1, seen, isGone });
    }
}

/** What is told of a cluster in which everything shares its names and addresses with something else. */
export function randomState(seed: number): readonly Told[] {
  const draw = drawFrom(createRandom(seed));
  const { text, chance, count, created } = draw;
  const told: Told[] = [];
  const tell = teller(draw, draw.age, told);
  const orderly = chance(50) ? ORDERLY[count(0, ORDERLY.length - 1)] : undefined;
  for (const name of ['n1', 'n2']) tellNode(name, draw, tell, orderly);
  // No node, as it has no name.
  if (chance(20)) tell([['kube_node_info', {}, 1]]);
  tellPods(draw, teller(draw, draw.anyAge, told), orderly);
  tellOwners(draw, told);
  for (let left = count(1, 4); left > 0; left -= 1) {
    const service: Labels = { namespace: text(NAMESPACES), service: text(NAMES), uid: `s${left}` };
    tell([
      ['kube_service_info', { ...service, cluster_ip: text([...SERVICE_IPS, text(ADDRESSES)]) }, 1],
      ...(chance(70) ? [['kube_service_created', service, created()] as const] : []),
    ]);
  }
  // Of a series that is told twice, the later sample counts.
  const latestFirst = told.toSorted((one, other) => other.seen - one.seen);
  return [...new Map(latestFirst.map((one) => [seriesText(one.metric, one.labels), one])).values()];
}
