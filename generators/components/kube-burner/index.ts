import { component } from '../contract.ts';
import { kubeBurnerProfiles } from './profiles.ts';
import { READS, SETTINGS } from './settings.ts';

/** kube-burner: profiles that query the recorded series. */
export const kubeBurner = component({
  id: 'kube-burner',
  settings: SETTINGS,
  reads: READS,
  enabled: ({ kubeBurner: { enabled } }) => enabled || 'kubeBurner.enabled is false',
  demands: [{ output: 'manifests', setting: 'kubeBurner.enabled', when: ({ kubeBurner: { enabled } }) => enabled }],
  manifests: kubeBurnerProfiles,
});
