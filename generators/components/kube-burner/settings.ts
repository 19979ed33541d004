import { ETHTOOL_COUNTERS } from '../../allowances/settings.ts';
import { flag, section } from '../../schema/settings.ts';
import { CLUSTER, RULES } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { CLOUD } from '../../settings/cloud.ts';
import { FLOWS } from '../../traffic/settings.ts';

export const KUBE_BURNER = section('Profiles for kube-burner that query the recorded series.', {
  enabled: flag(false, 'Whether to write the metrics and alert profiles.'),
});

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { kubeBurner: KUBE_BURNER };
export const READS = { cluster: CLUSTER, rules: RULES, cloud: CLOUD, flows: FLOWS, ethtool: ETHTOOL_COUNTERS };
export type KubeBurnerConfig = Slice<typeof SETTINGS & typeof READS>;
