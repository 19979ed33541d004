import { checkOf } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { component } from '../contract.ts';
import { kubeBurnerProfiles } from './profiles.ts';
import { type KubeBurnerConfig, READS, SETTINGS } from './settings.ts';

const somethingQueried = checkOf<KubeBurnerConfig>()(
  ['kubeBurner.enabled', 'flows.source', 'ethtool.exporter'],
  ({ kubeBurner: { enabled }, flows, ethtool }) =>
    problemIf(
      enabled && flows.source === 'none' && ethtool.exporter === 'none',
      'kubeBurner.enabled',
      enabled,
      'false, as flows.source and ethtool.exporter are none, and the profiles query the records of both',
    ),
);

/** kube-burner: profiles that query the recorded series. */
export const kubeBurner = component({
  id: 'kube-burner',
  settings: SETTINGS,
  reads: READS,
  checks: [somethingQueried],
  enabled: ({ kubeBurner: { enabled } }) => enabled || 'kubeBurner.enabled is false',
  demands: [{ output: 'manifests', setting: 'kubeBurner.enabled', when: ({ kubeBurner: { enabled } }) => enabled }],
  manifests: kubeBurnerProfiles,
});
