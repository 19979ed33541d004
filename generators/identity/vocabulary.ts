import type { Slice } from '../settings/section.ts';
import type { CLOUD } from '../settings/cloud.ts';
import type { ZONES } from './settings.ts';

type Zones = Slice<{ zones: typeof ZONES }>;

/** Where a zone comes from: what `zones.from` names, or the zone that a flow source reports itself. */
export type Origin = Zones['zones']['from'][number] | 'source';

/** What a zone is called: by its name (us-east-1a), by its ID (use1-az4), or as the values of a label of one's own (rack-7). */
type Vocabulary = 'names' | 'ids' | 'own';

/** The node label with the name of the zone, from which flow sources read theirs. */
export const NAME_LABEL = 'topology.kubernetes.io/zone';

/** Node labels with that same name. Upstream: Kubernetes (deprecated label), the CSI drivers of AWS EBS, GCE PD and Azure Disk. */
const NAME_LABELS: ReadonlySet<string> = new Set([
  NAME_LABEL,
  'failure-domain.beta.kubernetes.io/zone',
  'topology.ebs.csi.aws.com/zone',
  'topology.gke.io/zone',
  'topology.disk.csi.azure.com/zone',
]);

/** The node label with the ID of the zone. Upstream: cloud-provider-aws, since Kubernetes 1.30. */
export const ID_LABEL = 'topology.k8s.aws/zone-id';

/** Provider IDs hold names, and flow sources report the value of `NAME_LABEL`. */
function vocabularyOf({ zones }: Zones, origin: Origin | undefined): Vocabulary {
  if (origin !== 'node-label' || NAME_LABELS.has(zones.nodeLabel)) return 'names';
  return zones.nodeLabel === ID_LABEL ? 'ids' : 'own';
}

/** The vocabulary of all recorded zones: that of the first origin in `zones.from`. */
export const zoneVocabulary = (config: Zones): Vocabulary => vocabularyOf(config, config.zones.from[0]);

/**
 * How zones of an origin are used, so that zones of two vocabularies are never compared: as they are, translated from the name to the ID,
 * or not at all.
 */
export function useOf(config: Zones, origin: Origin): 'as is' | 'translated' | 'not' {
  const [wanted, given] = [zoneVocabulary(config), vocabularyOf(config, origin)];
  if (given === wanted) return 'as is';
  return wanted === 'ids' && given === 'names' ? 'translated' : 'not';
}

/** The node labels that kube-state-metrics must export; with IDs, the name beside it, for translation. */
export const zoneLabels = (config: Zones): readonly string[] =>
  config.zones.from.includes('node-label') && useOf(config, 'node-label') === 'as is'
    ? [config.zones.nodeLabel, ...(zoneVocabulary(config) === 'ids' ? [NAME_LABEL] : [])]
    : [];

/**
 * Azure labels nodes outside of any availability zone with their fault domain, such as 0.
 * Upstream: cloud-provider-azure, "Availability Zones", node labels.
 */
const NOT_DIGITS_ONLY = '.*[^0-9].*';

export type Filtered = Zones & { readonly cloud: Pick<Slice<{ cloud: typeof CLOUD }>['cloud'], 'provider'> };

/** The regular expression (RE2, anchored) of zones that count; undefined if all of them do. */
export const zoneFilter = ({ zones, cloud }: Filtered): string | undefined =>
  zones.valid ?? (cloud.provider === 'azure' ? NOT_DIGITS_ONLY : undefined);
