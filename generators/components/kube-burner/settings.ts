import { ENABLED, SECTION } from '../../schema/settings.ts';
import { CLUSTER, RULES } from '../../settings/general.ts';
import { type Slice } from '../../settings/section.ts';
import { CLOUD, FLOWS } from '../../traffic/settings.ts';

/** Profiles for kube-burner. */
export const KUBE_BURNER = {
  ...SECTION,
  description: 'Profiles for kube-burner that read the recorded series.',
  properties: { enabled: { ...ENABLED, description: 'Whether the metrics and alert profiles are written.' } },
} as const;

/** Its own sections, the sections of others that it reads, and both with their values. */
export const SETTINGS = { kubeBurner: KUBE_BURNER };
export const READS = { cluster: CLUSTER, rules: RULES, cloud: CLOUD, flows: FLOWS };
export type KubeBurnerConfig = Slice<typeof SETTINGS & typeof READS>;
