import type { LeftReason } from './findings.ts';
import { type End, type Observed, type ServiceSeen, workloadKey } from './observed.ts';

/** What zone routing of a workload's Services could do for a caller in some zone. */
export type Role =
  /** Nobody calls it across zones: it has no Service, or its Services keep such callers in their zone. */
  | 'none'
  /** Its Services have no hints, and endpoints in the zone. */
  | 'route'
  /** It has no endpoint in the zone. */
  | 'replica'
  /** It may be called, but no change of ours would help. */
  | Extract<LeftReason, 'headless' | 'partial'>;

/** The Services of each workload. */
export function servicesByWorkload({ services }: Observed): ReadonlyMap<string, readonly ServiceSeen[]> {
  const found = new Map<string, ServiceSeen[]>();
  for (const service of services) {
    for (const workload of service.workloads) {
      const key = workloadKey({ ...workload, namespace: service.namespace });
      found.set(key, [...(found.get(key) ?? []), service]);
    }
  }
  return found;
}

const endpointsIn = ({ endpoints }: ServiceSeen, zone: string): number => endpoints.get(zone) ?? 0;

/** Whether a Service routes by zone at all. */
export const isHinted = ({ hintedZones }: ServiceSeen): boolean => hintedZones.size > 0;

function roleOf(service: ServiceSeen, zone: string): Role {
  if (service.routing === undefined) return 'headless';
  if (!isHinted(service)) return endpointsIn(service, zone) > 0 ? 'route' : 'replica';
  if (service.hinted < 1) return 'partial';
  if (service.hintedZones.has(zone)) return 'none';
  return endpointsIn(service, zone) > 0 ? 'partial' : 'replica';
}

/** The worst first: traffic does not say by which Service it came. */
const ORDER: readonly Role[] = ['headless', 'partial', 'replica', 'route', 'none'];

/** The role of a workload for callers in a zone. */
export function roleFor(
  services: ReadonlyMap<string, readonly ServiceSeen[]>,
  workload: Omit<End, 'zone'>,
  zone: string,
): Role {
  const roles = new Set((services.get(workloadKey(workload)) ?? []).map((service) => roleOf(service, zone)));
  return ORDER.find((role) => roles.has(role)) ?? 'none';
}
