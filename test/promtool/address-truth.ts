import type { Labels } from './allowances-input.ts';
import { firstOfEach, type Truth } from './state-truth.ts';

const UNKNOWN = 'unknown';

/** An address of a pod, and when the pod was created. */
interface PodAddress {
  readonly ip: string;
  readonly index: number;
  readonly isRunning: boolean;
}

/** The smallest network of the usual size in which an address is; '' where its text does not tell. */
const usual = (ip: string): string =>
  ip.includes(':') ? `${ip.split(':').slice(0, 4).join(':')}::/64` : `${ip.split('.').slice(0, 3).join('.')}.0/24`;

/** Whether an address is in a pod CIDR of a size that is read. */
function isInside(ip: string, cidr: string): boolean {
  const [start = '', length] = cidr.split('/');
  if (ip.includes(':') !== cidr.includes(':')) return false;
  if (length === '64') return usual(ip) === cidr;
  const octets = Number(length) / 8;
  return ip.split('.').slice(0, octets).join('.') === start.split('.').slice(0, octets).join('.');
}

/** Pods that have an address of their own, each once, with their node. */
function addressed({ known }: Truth) {
  const found = known('kube_pod_info').flatMap(({ labels }) => {
    const { namespace = '', pod = '', uid = '', node = '', pod_ip = '', host_network = '' } = labels;
    return node === '' || pod_ip === '' || host_network === 'true' ? [] : [{ namespace, pod, uid, node, ip: pod_ip }];
  });
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

/** Pods by node and network. */
export function podsByCidr(truth: Truth): ReadonlyMap<string, { labels: Labels; value: number }> {
  const counts = new Map<string, { labels: Labels; value: number }>();
  for (const { node, ip } of addressed(truth)) {
    const labels = { node, pod_cidr: usual(ip) };
    const key = JSON.stringify(labels);
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 });
  }
  return counts;
}

/** The place of each pod CIDR: that of the newest node that claims it, unless the addresses of pods show that the network does not use it. */
export function podCidrs(truth: Truth): readonly Labels[] {
  const { known, places, nodesCreated } = truth;
  const claims = known('kube_node_info').flatMap(({ labels: { node = '', pod_cidr = '' } }) =>
    /^[0-9.]+[.]0\/(?:8|16|24)$|::\/64$/.test(pod_cidr) && node !== '' ? [{ node, pod_cidr }] : [],
  );
  const claimed = (node: string) => claims.filter((one) => one.node === node).map(({ pod_cidr }) => pod_cidr);
  const pods = addressed(truth);
  return [...new Set(claims.map(({ pod_cidr }) => pod_cidr))].map((pod_cidr) => {
    const claimants = claims.filter((one) => one.pod_cidr === pod_cidr);
    const [first] = firstOfEach(
      claimants,
      () => pod_cidr,
      (one) => [nodesCreated.get(one.node) ?? 0],
      (one) => one.node,
    );
    const { node = '' } = first ?? {};
    const strays = pods.some((pod) => pod.node === node && !claimed(node).some((cidr) => isInside(pod.ip, cidr)));
    const foreign = pods.some((pod) => isInside(pod.ip, pod_cidr) && !claimed(pod.node).includes(pod_cidr));
    if (strays || foreign) return { pod_cidr, node, zone: UNKNOWN, reason: 'unplaced' };
    const { zone = UNKNOWN, refused } = places.get(node) ?? {};
    const reason = refused === undefined ? 'no_zone_label' : 'invalid_zone';
    return { pod_cidr, node, zone, reason: zone === UNKNOWN ? reason : '' };
  });
}

/** The addresses of each incarnation, by its index. */
const podAddresses = ({ incarnations, known }: Truth): readonly PodAddress[] =>
  incarnations.flatMap(({ namespace, pod, uid }, index) => {
    const isOwn = ({ labels }: { readonly labels: Labels }) =>
      labels['namespace'] === namespace && labels['pod'] === pod && labels['uid'] === uid;
    const ips = [
      ...known('kube_pod_ips')
        .filter(isOwn)
        .map(({ labels: { ip = '' } }) => ip),
      ...known('kube_pod_info')
        .filter((one) => isOwn(one) && (one.labels['node'] ?? '') !== '')
        .map(({ labels: { pod_ip = '' } }) => pod_ip),
    ];
    const isRunning = known('kube_pod_status_phase').some(
      (one) => isOwn(one) && one.labels['phase'] === 'Running' && one.value === 1,
    );
    return [...new Set(ips)].flatMap((ip) => (ip === '' ? [] : [{ ip, index, isRunning }]));
  });

/** The first two addresses of a pod CIDR, by which a bridge or a tunnel of the node goes. */
const overlay = (cidr: string): readonly string[] => {
  const start = cidr.replace(/\/.*/, '');
  return [start, cidr.includes(':') ? start.replace(/::$/, '::1') : start.replace(/\.0$/, '.1')];
};

/** Who has each address: the newest running pod, else the newest node, else the newest Service, else the newest pod that does not run. */
export function owners(truth: Truth): readonly Labels[] {
  const { incarnations, known, places, nodesCreated } = truth;
  const candidates: { ip: string; rank: number; age: number; labels: Labels }[] = [];
  for (const { ip, index, isRunning } of podAddresses(truth)) {
    const one = incarnations[index];
    if (one === undefined) continue;
    const { namespace, pod, node, zone, reason, workload_type, workload, created } = one;
    if (one.host_network === 'true') addNode(node, ip);
    else
      candidates.push({
        ip,
        rank: isRunning ? 3 : 0,
        age: created,
        labels: { namespace, pod, zone, reason, workload_type, workload },
      });
  }
  function addNode(node: string, ip: string): void {
    const place = places.get(node);
    if (place === undefined || ip === '') return;
    const { zone, refused } = place;
    const labels = { namespace: '_nodes_', workload_type: 'Node', workload: 'nodes', zone };
    const reason = refused === undefined ? '' : 'invalid_zone';
    candidates.push({ ip, rank: 2, age: nodesCreated.get(node) ?? -1, labels: { ...labels, reason } });
  }
  for (const { labels } of known('kube_node_info')) addNode(labels['node'] ?? '', labels['internal_ip'] ?? '');
  for (const { labels } of known('kube_node_status_addresses'))
    if (labels['type'] !== 'Hostname') addNode(labels['node'] ?? '', labels['address'] ?? '');
  for (const { pod_cidr = '', node = '', reason } of podCidrs(truth))
    if (reason !== 'unplaced') for (const ip of overlay(pod_cidr)) addNode(node, ip);
  for (const { labels, seen } of known('kube_service_info')) {
    const { namespace = '', service = '', uid, cluster_ip: ip = '' } = labels;
    const created = known('kube_service_created').find((one) => one.labels['uid'] === uid)?.value ?? 0;
    if (ip !== 'None')
      candidates.push({
        ip,
        rank: 1,
        age: created - seen / 86_400,
        labels: { namespace, workload_type: 'Service', workload: service, zone: UNKNOWN },
      });
  }
  return firstOfEach(
    candidates,
    ({ ip }) => ip,
    ({ rank, age }) => [rank, age],
    ({ labels }) => labels,
  ).map(({ ip, labels }) => ({ ip, ...labels }));
}

/** The node of each pod with an address of its own, by its name and that address: a running pod's before others, and of those the newest. */
export function nodesOfPods(truth: Truth): readonly Labels[] {
  const found = podAddresses(truth).flatMap(({ ip, index, isRunning }) => {
    const one = truth.incarnations[index];
    return one === undefined || one.host_network === 'true' ? [] : [{ ip, isRunning, ...one }];
  });
  return firstOfEach(
    found,
    ({ namespace, pod, ip }) => `${namespace}/${pod} ${ip}`,
    ({ isRunning, created }) => [Number(isRunning), created],
    ({ node }) => node,
  ).map(({ namespace, pod, ip, node }) => ({ namespace, pod, ip, node }));
}
