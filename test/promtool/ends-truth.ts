import type { Labels } from './allowances-input.ts';

/** What a source may tell about an end; '' where it leaves the label empty, undefined where it has no such label. */
export interface End {
  readonly cluster: string;
  readonly namespace?: string;
  readonly pod?: string;
  readonly ip?: string;
  readonly kind?: string;
  readonly native_workload_type?: string;
  readonly native_workload?: string;
  readonly native_zone?: string;
}

/** A zone, or `unknown` for a reason; without a reason, the node just has no zone. */
export interface Place {
  readonly zone: string;
  readonly reason: string;
}

/** Who an end is: a pod, a node, a Service or an address outside. */
export interface Somebody extends Place {
  readonly namespace: string;
  readonly workload_type: string;
  readonly workload: string;
}

/** A pod, and whether its name belongs to a newer one by now. */
export interface PodFact extends Somebody {
  readonly pod: string;
  readonly ip: string;
  readonly isReplaced: boolean;
}

/** What is known of one cluster. */
export interface Directory {
  readonly pods: readonly PodFact[];
  readonly nodes: Readonly<Record<string, Place>>;
  /** Nodes and Services, by address. */
  readonly others: Readonly<Record<string, Somebody>>;
  /** Places of pod CIDRs; prefixes end with a dot, or with `::` where they are IPv6. */
  readonly cidrs: Readonly<Record<string, Place>>;
}

/** Where a source has names of its own. */
export interface Naming {
  /** The namespace under which it counts nodes. */
  readonly nodes?: string;
  /** The namespace and pod under which it counts the API server. */
  readonly apiServer?: string;
}

export const UNKNOWN = 'unknown';
/** Zones are refused if they are numbers only, as fault domains of Azure are. */
const isRefused = (zone: string): boolean => /^\d+$/.test(zone);

export const isName = (text = ''): boolean => text !== '' && text !== UNKNOWN;
const NODES = { namespace: '_nodes_', workload_type: 'Node', workload: 'nodes' };
const NOBODY = { workload_type: UNKNOWN, workload: UNKNOWN };

/** The pod that has a name now. */
export const podOf = ({ pods }: Directory, { namespace, pod }: End): PodFact | undefined =>
  pods.find((one) => one.namespace === namespace && one.pod === pod && !one.isReplaced);

/** The place of the smallest pod CIDR around an address; the IPv6 addresses of these worlds are written in full or end after `::`. */
export function cidrPlace({ cidrs }: Directory, ip: string): Place | undefined {
  const [a = '', b = '', c = ''] = ip.split('.');
  const groups = ip.includes('::') ? ip.slice(0, ip.indexOf('::')) : ip.split(':').slice(0, 4).join(':');
  const around = ip.includes(':') ? [`${groups}::`] : [`${a}.${b}.${c}.`, `${a}.${b}.`, `${a}.`];
  return around.flatMap((prefix) => cidrs[prefix] ?? [])[0];
}

/** Who an end is, before what the source itself says of its zone. */
function somebody(directory: Directory, end: End, naming: Naming): Somebody {
  const {
    namespace = '',
    pod = '',
    ip = '',
    kind,
    native_workload_type: type = '',
    native_workload: workload = '',
  } = end;
  const isApiServer = naming.apiServer !== undefined && namespace === naming.apiServer && pod === naming.apiServer;
  if (isName(pod)) {
    // The pod as it was when it had that address, else whoever has its name now.
    const then = directory.pods.find(
      (one) => isName(ip) && one.ip === ip && one.namespace === namespace && one.pod === pod,
    );
    const found = then ?? podOf(directory, end);
    if (found !== undefined) return found;
  }
  if (kind === 'Node' || namespace === naming.nodes) {
    const name = end.pod === undefined ? workload : pod;
    return { ...NODES, ...(directory.nodes[name] ?? { zone: UNKNOWN, reason: '' }) };
  }
  if (isName(ip) && (!isName(pod) || !isName(namespace) || isApiServer)) {
    const owner = directory.pods.find((one) => one.ip === ip) ?? directory.others[ip];
    if (owner !== undefined) return owner;
  }
  const nowhere = { zone: UNKNOWN, reason: '' };
  if (isName(workload)) {
    // Generated names of Argo Workflows end with five random characters.
    const rolled = type === 'Workflow' ? workload.replace(/-[bcdf]{5}$/, '') : workload;
    return { namespace, workload_type: type, workload: rolled, ...nowhere };
  }
  const outside = { namespace: '_external_', workload_type: 'External' };
  const isPublic = ip.startsWith('203.');
  const internet = { zone: 'internet', reason: 'internet' };
  if (isApiServer) return { ...outside, workload: pod, ...(isPublic ? internet : nowhere) };
  if (isPublic && !isName(namespace) && cidrPlace(directory, ip) === undefined)
    return { ...outside, workload: 'external', ...internet };
  const named = end.pod === undefined || namespace === '' ? UNKNOWN : namespace;
  return { namespace: named, ...NOBODY, ...(isName(ip) ? (cidrPlace(directory, ip) ?? nowhere) : nowhere) };
}

/** Why the zone of an end is unknown. */
function reasonOf({ namespace, workload_type, reason }: Somebody): string {
  if (workload_type === UNKNOWN && namespace !== UNKNOWN) return reason === 'invalid_zone' ? reason : 'gone';
  if (reason !== '') return reason;
  if (workload_type === 'Service') return 'service_ip';
  return [UNKNOWN, 'External'].includes(workload_type) ? 'outside' : 'no_zone_label';
}

/** Who an end is and where: the zone that the source saw wins, if it counts. */
export function identityOf(directory: Directory, end: End, naming: Naming = {}): Somebody {
  const found = somebody(directory, end, naming);
  const { native_zone: seen = '' } = end;
  if (isName(seen) && !isRefused(seen)) return { ...found, zone: seen, reason: '' };
  if (found.zone !== UNKNOWN) return { ...found, reason: found.zone === 'internet' ? 'internet' : '' };
  return { ...found, reason: reasonOf(isName(seen) ? { ...found, reason: 'invalid_zone' } : found) };
}

/** The labels of an identity under which flows get them: `resolved_*` where a flow has a label of that name itself. */
export function identityLabels(side: string, who: Somebody, own: readonly string[]): Labels {
  const { namespace, workload_type, workload, zone, reason } = who;
  const fields = { namespace, workload_type, workload, zone, reason };
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      const label = `${side}_${field}`;
      return [own.includes(label) ? `resolved_${label}` : label, value];
    }),
  );
}
