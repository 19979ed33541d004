import { checkConfig } from '../config/checks.ts';
import {
  type Catalogue,
  defaultsOf,
  type Json,
  namedSchema,
  type Path,
  schemaAt,
  settingsOf,
} from '../config/schema.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Skipped, Warning } from '../model/report.ts';
import { COMPONENTS, type Config, DOMAINS, OUTPUTS } from '../registry.ts';
import { listed } from '../schema/problems.ts';
import { valueAt, withValue } from '../settings/section.ts';
import { draftsOf, makeBundle, once, type Outputs, outputsOf } from './bundle.ts';
import { readingsOf } from './readings.ts';
import { isRead, type Read, recorder } from './recorder.ts';

/** The files of some outputs for comparison: each is written when it is first asked for. */
export type Files = readonly (() => string)[];

/** All files of some outputs at version 1, with their paths and size limits. */
export const filesOf = (config: Config, bundle = makeBundle(config), outputs?: Outputs): Files =>
  draftsOf(config, bundle, outputs).map(({ path, sizes, render }) =>
    once(() => `${path} ${JSON.stringify(sizes)}\n${render(1)}`),
  );

/** Whether files are the same. Stops at the first that differs. */
export const areSame = (some: Files, others: Files): boolean =>
  some.length === others.length && some.every((file, index) => file() === others[index]?.());

/** The settings that outputs read. */
export function readBy(config: Config, outputs?: Outputs): Read {
  const recording = recorder(config);
  for (const file of filesOf(recording.config, undefined, outputs)) file();
  return recording.stop();
}

const changed = (of: Readonly<Record<string, unknown>>, above: Path): readonly Path[] =>
  Object.entries(of)
    .filter(([, change]) => change !== false && change !== undefined)
    .map(([name]) => [...above, name]);

/** Changes to alerts, dashboards and panels. Each counts as one setting. Excludes those that only switch something off. */
function changesOf({ alerts, dashboards }: Config): readonly Path[] {
  const inDashboards = Object.entries(dashboards).flatMap(([uid, change]): readonly Path[] => {
    if (change === false) return [];
    const { panels = {}, ...own } = change;
    return [...changed(own, ['dashboards', uid]), ...changed(panels, ['dashboards', uid, 'panels'])];
  });
  return [...changed(alerts, ['alerts']), ...inDashboards];
}

const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** Settings that differ from their defaults, in the order of the schema. */
export function changedSettings(config: Config, catalogue: Catalogue): readonly Path[] {
  const schema = namedSchema(catalogue);
  const defaults = defaultsOf(schema);
  const settings = settingsOf(schema).filter((path) => text(valueAt(config, path)) !== text(valueAt(defaults, path)));
  return [...settings, ...changesOf(config)];
}

/** The switches of a setting: required values of other settings, or the `kind` of the skipped part that it configures. */
type Requires = string | Readonly<Record<string, readonly unknown[] | true>>;

/** Whether a value means off. */
const isOff = (value: unknown): boolean => ['false', 'null', '""', '"none"', '[]'].includes(text(value));

/** The reason why a switch does not have a required value; `true` is any value that does not mean off. */
function unmet(setting: string, value: unknown, wanted: readonly unknown[] | true): string | undefined {
  if (wanted === true ? !isOff(value) : [value].flat().some((item) => wanted.includes(item))) return undefined;
  if (value === null || text(value) === '[]') return `${setting} is not set`;
  return Array.isArray(value) && wanted !== true
    ? `${setting} has no ${listed(wanted.map(String), 'or')}`
    : `${setting} is ${typeof value === 'string' ? value : text(value)}`;
}

/**
 * The reason why a setting may have no effect: its component, its domain or its switch is off. Only a suspicion: other parts may read it.
 * @param skipped parts that are skipped for this configuration.
 */
export function suspicion(
  config: Config,
  catalogue: Catalogue,
  skipped: readonly Skipped[],
): (path: Path) => string | undefined {
  const schema = namedSchema(catalogue);
  const readings = readingsOf(config);
  const domains = DOMAINS.map(({ settings, bind }) => ({ settings, ...bind(config, readings) }));
  const owners = [...COMPONENTS.map(({ settings, bind }) => ({ settings, ...bind(config) })), ...domains];

  const ownerReason = ([section = '']: Path): string | undefined => {
    const reasons = owners.filter(({ settings }) => section in settings).map(({ enabled }) => enabled());
    return reasons.find((reason): reason is string => reason !== true);
  };

  const switchReason = (path: Path): string | undefined => {
    const around = path.map((_, index) => schemaAt(schema, path.slice(0, index + 1)));
    const all = (around as readonly { readonly requires?: Requires | readonly Requires[] }[]).flatMap(
      ({ requires = [] }) => requires,
    );
    for (const requires of all) {
      const reasons =
        typeof requires === 'string'
          ? skipped.filter(({ kind }) => kind === requires).map(({ reason }) => reason)
          : Object.entries(requires).map(([setting, wanted]) =>
              unmet(setting, valueAt(config, setting.split('.')), wanted),
            );
      const reason = reasons.find((each) => each !== undefined);
      if (reason !== undefined) return reason;
    }
    return undefined;
  };

  /** Alerts, dashboards and panels that are skipped. */
  const namedReason = ([section, name, part, panel]: Path): string | undefined => {
    const found = skipped.find(
      (one) =>
        (section === 'alerts' && one.alert === name) ||
        (section === 'dashboards' &&
          one.dashboard === name &&
          (one.panel === undefined || (part === 'panels' && one.panel === panel))),
    );
    return found?.reason;
  };

  return (path) => ownerReason(path) ?? switchReason(path) ?? namedReason(path);
}

/** The reason why no output reads a setting: the outputs that would are not in `targets`, or the components that would are off. */
function missingReaders(config: Config): (path: Path) => string {
  const known = new Map<string, Read>();
  const reads = (output: Outputs[number], path: Path): boolean => {
    const read = known.get(output.id) ?? readBy(config, [output]);
    known.set(output.id, read);
    return isRead(read, path);
  };
  return (path) => {
    const [section = ''] = path;
    // Outputs declare the sections that they read. All other sections reach them through the bundle.
    const named = OUTPUTS.filter(({ settings, reads: others }) => section in settings || others.includes(section));
    const asked = outputsOf(config);
    const others = (named.length > 0 ? named : OUTPUTS).filter((output) => !asked.includes(output));
    const ids = others.filter((output) => reads(output, path)).map(({ id }) => id);
    if (ids.length > 0) return `targets has no ${listed(ids, 'or')}`;
    const reasons = COMPONENTS.filter(({ reads: sections }) => sections.includes(section)).map(({ bind }) =>
      bind(config).enabled(),
    );
    return reasons.find((reason): reason is string => reason !== true) ?? 'no generated file depends on it';
  };
}

/** Maximum number of settings that are reset one by one; each takes a build of about 60 ms. */
const MAX_REBUILDS = 10;

/** Suspected settings whose default generates the same files. */
function withoutEffect(
  config: Config,
  catalogue: Catalogue,
  files: (config: Config) => Files,
  suspected: readonly Path[],
): readonly Path[] {
  if (suspected.length === 0) return [];
  const defaults = defaultsOf(namedSchema(catalogue)) as Json;
  const now = files(config);
  const isSame = (paths: readonly Path[]): boolean => {
    const without = paths.reduce((tree, path) => withValue(tree, path, valueAt(defaults, path)) as Config, config);
    // A configuration that is invalid without a setting depends on it.
    return checkConfig(without, catalogue, []).length === 0 && areSame(now, files(without));
  };
  if (isSame(suspected)) return suspected;
  return suspected.length === 1 ? [] : suspected.slice(0, MAX_REBUILDS).filter((path) => isSame([path]));
}

/**
 * Settings that are set and have no effect, one warning per section and reason: settings that no output reads, and settings whose part or
 * switch is off and whose default generates the same files.
 * @param files gives the files of a configuration; a caller that asks for many configurations remembers those that come again.
 */
export function unusedSettings(
  config: Config,
  catalogue: Catalogue,
  read: Read,
  bundle: Bundle,
  files = (other: Config): Files => filesOf(other, other === config ? bundle : undefined),
): readonly Warning[] {
  const schema = namedSchema(catalogue);
  const candidates = changedSettings(config, catalogue).filter((path) => schemaAt(schema, path)['note'] !== true);
  if (candidates.length === 0) return [];
  const suspect = suspicion(config, catalogue, bundle.skipped);
  const suspected = candidates.filter((path) => isRead(read, path) && suspect(path) !== undefined);
  const confirmed = withoutEffect(config, catalogue, files, suspected);
  let missing: ((path: Path) => string) | undefined;
  const groups = new Map<string, { readonly reason: string; readonly settings: string[] }>();
  for (const path of candidates.filter((each) => !isRead(read, each) || confirmed.includes(each))) {
    const reason = suspect(path) ?? (missing ??= missingReaders(config))(path);
    const key = `${path[0] ?? ''} ${reason}`;
    const group = groups.get(key) ?? { reason, settings: [] };
    group.settings.push(path.join('.'));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ reason, settings }) => ({ kind: 'no effect', settings, reason }));
}
