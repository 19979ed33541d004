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

/** Its sections of the configuration. */
export const SETTINGS = { kubeBurner: KUBE_BURNER };

/** Sections of others that it reads. */
export const READS = { cluster: CLUSTER, rules: RULES, cloud: CLOUD, flows: FLOWS };

/** The part of the configuration that the component sees. */
export type KubeBurnerConfig = Slice<typeof SETTINGS & typeof READS>;
