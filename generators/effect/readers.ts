import type { Config } from '../settings/index.ts';

/** Settings that one part of what is generated reads, and no other. */
export interface Reader {
  /** Paths of settings, or of sections with everything in them. */
  readonly settings: readonly string[];
  /** Why that part is not there, in words of the configuration; undefined where it is. */
  readonly missing: (config: Config) => string | undefined;
}

/** Settings of one section, by the names that they have in it, apart by spaces. */
export const within = (section: string, names: string): readonly string[] =>
  names.split(' ').map((name) => `${section}.${name}`);

/** A reason where something holds. */
export const when = (holds: boolean, reason: string): string | undefined => (holds ? reason : undefined);

/** `a`, `a or b`, `a, b or c`. */
const either = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(' or ');

/** What flows are read from, as a reason. */
export const sourceIs = ({ flows }: Config): string => `flows.source is ${[flows.source].flat().join(', ')}`;

/** A reason where no flows are read. */
export const noFlows = (config: Config): string | undefined => when(config.flows.source === 'none', sourceIs(config));

type TargetId = Config['targets'][number];

/** A reason where none of these packagings is written. */
export const noTarget = ({ targets }: Config, ...ids: readonly TargetId[]): string | undefined =>
  when(!ids.some((id) => targets.includes(id)), `targets has no ${either(ids)}`);

/** Why no rules are written. */
export const noRules = (config: Config): string | undefined =>
  noTarget(config, 'prometheus', 'kube-prometheus-stack', 'prometheus-operator', 'amp');

/** Why no dashboards are written. */
export const noDashboards = (config: Config): string | undefined =>
  noTarget(config, 'grafana', 'grafana-sidecar', 'grafana-operator', 'git-sync');

/** Why nothing that queries is written: rules, dashboards, profiles of kube-burner. */
export const noQueries = (config: Config): string | undefined =>
  when(
    noRules(config) !== undefined && noDashboards(config) !== undefined && !config.kubeBurner.enabled,
    'targets has neither rules nor dashboards',
  );

/** Why nothing that is written scrapes our jobs: three parts may. */
export const noJobs = ({ targets, monitors, adot }: Config): string | undefined =>
  when(
    !targets.includes('kube-prometheus-stack') && !monitors.enabled && !adot.enabled,
    'targets has no kube-prometheus-stack, and neither monitors nor adot is enabled',
  );

/** Why no values of charts other than kube-prometheus-stack are written. */
export const noValues = (config: Config): string | undefined => noTarget(config, 'helm-values');

/** Why neither the values of a chart nor a job that scrapes its pods are written. */
export const neitherValuesNorJobs = (config: Config): string | undefined =>
  when(
    noValues(config) !== undefined && noJobs(config) !== undefined,
    'targets has neither helm-values nor kube-prometheus-stack, and neither monitors nor adot is enabled',
  );
