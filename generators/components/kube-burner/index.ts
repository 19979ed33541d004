import { checkOf } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { component } from '../contract.ts';
import { kubeBurnerProfiles } from './profiles.ts';
import { kubeBurnerScenarios } from './scenarios.ts';
import { type KubeBurnerConfig, READS, SETTINGS } from './settings.ts';

const somethingQueried = checkOf<KubeBurnerConfig>()(
  ['kubeBurner.enabled', 'flows.source', 'ethtool.exporter', 'controlPlane.enabled'],
  ({ kubeBurner: { enabled }, flows, ethtool, controlPlane }) =>
    problemIf(
      enabled && flows.source === 'none' && ethtool.exporter === 'none' && !controlPlane.enabled,
      'kubeBurner.enabled',
      enabled,
      'false, as flows.source and ethtool.exporter are none and controlPlane.enabled is false, and the profiles query their records',
    ),
);

/** A name of each run is a file and a job of its own; "delete" is the name of the run that deletes. */
const ownNames = checkOf<KubeBurnerConfig>()(['kubeBurner.scenarios'], ({ kubeBurner: { scenarios } }) => {
  const names = scenarios.map(({ name }) => name);
  return names.flatMap((name, index) => [
    ...problemIf(names.indexOf(name) !== index, `kubeBurner.scenarios.${index}.name`, name, 'each name once'),
    ...problemIf(
      name === 'delete',
      `kubeBurner.scenarios.${index}.name`,
      name,
      'another name, as the run that deletes has this one',
    ),
  ]);
});

/** kube-burner: runs, and profiles that query the recorded series. */
export const kubeBurner = component({
  id: 'kube-burner',
  settings: SETTINGS,
  reads: READS,
  checks: [somethingQueried, ownNames],
  enabled: ({ kubeBurner: { enabled } }) => enabled || 'kubeBurner.enabled is false',
  demands: [{ output: 'manifests', setting: 'kubeBurner.enabled', when: ({ kubeBurner: { enabled } }) => enabled }],
  manifests: (config, context) => [...kubeBurnerProfiles(config, context), ...kubeBurnerScenarios(config)],
});
