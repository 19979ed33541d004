/** Who and where each pod is: what the domains of traffic and of workloads both read. It is no domain, as either can be off. */
export type { IdentityConfig } from './config.ts';
export {
  CONTROLLER_WORKLOAD,
  INCARNATION,
  NODE_CREATED,
  NODE_ZONE,
  POD_IDENTITY,
  REFUSED_ZONE,
  WORKLOAD_FIELDS,
  ZONE_ID,
} from './names.ts';
export { nodePlaces, placeLabels } from './places.ts';
export { lastSeen, newness, nodeCreatedRule, podsByAge, remembered } from './pods.ts';
export { WORKLOADS, ZONES } from './settings.ts';
export {
  type Filtered,
  ID_LABEL,
  NAME_LABEL,
  type Origin,
  useOf,
  zoneFilter,
  zoneLabels,
  zoneVocabulary,
} from './vocabulary.ts';
export { rolledUp, workloadRules } from './workload-rules.ts';
export { IDENTITY_GROUP, identityMetrics, identityRules } from './rules.ts';
export { kubeLabel, nodeZones, withNativeZone, zoneIds } from './zones.ts';
