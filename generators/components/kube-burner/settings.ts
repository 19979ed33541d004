import { ENABLED, SECTION } from '../../schema/settings.ts';
import { CLUSTER, RULES } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD, FLOWS } from '../../traffic/settings.ts';

export const KUBE_BURNER = {
  ...SECTION,
  description: 'Profiles for kube-burner that query the recorded series.',
  properties: { enabled: { ...ENABLED, description: 'Whether to write the metrics and alert profiles.' } },
} as const;

/** Its own sections, those of other components that it reads, and the type of both. */
export const SETTINGS = { kubeBurner: KUBE_BURNER };
export const READS = { cluster: CLUSTER, rules: RULES, cloud: CLOUD, flows: FLOWS };
export type KubeBurnerConfig = Slice<typeof SETTINGS & typeof READS>;
