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
import type { Skipped, Warning } from '../model/report.ts';
import { COMPONENTS, type Config, DOMAINS, OUTPUTS } from '../registry.ts';
import { valueAt, withValue } from '../settings/section.ts';
import { makeBundle } from './bundle.ts';
import { readingsOf } from './readings.ts';
import { isRead, type Read, recorder } from './recorder.ts';

type Outputs = readonly (typeof OUTPUTS)[number][];

/** The outputs that a configuration asks for. */
export const outputsOf = ({ targets }: Config): Outputs => OUTPUTS.filter(({ id }) => targets.includes(id));

/** Everything that outputs write of a configuration, with the version 1 and the limits that it must keep, as text that can be compared. */
export const written = (config: Config, outputs: Outputs = outputsOf(config)): string => {
  const bundle = makeBundle(config);
  const drafts = outputs.flatMap((output) => output.bind(config).emit(bundle));
  return JSON.stringify(drafts.map(({ path, sizes, render }) => [path, sizes, render(1)]));
};

/** The settings that outputs read. */
export function readBy(config: Config, outputs: Outputs = outputsOf(config)): Read {
  const recording = recorder(config);
  written(recording.config, outputs);
  return recording.stop();
}

const changed = (of: Readonly<Record<string, unknown>>, above: Path): readonly Path[] =>
  Object.entries(of)
    .filter(([, change]) => change !== false && change !== undefined)
    .map(([name]) => [...above, name]);

/** Changes of alerts and of panels, each of which is one setting; one that only switches something off is not among them. */
function changesOf({ alerts, dashboards }: Config): readonly Path[] {
  const inDashboards = Object.entries(dashboards).flatMap(([uid, change]): readonly Path[] => {
    if (change === false) return [];
    const { panels = {}, ...own } = change;
    return [...changed(own, ['dashboards', uid]), ...changed(panels, ['dashboards', uid, 'panels'])];
  });
  return [...changed(alerts, ['alerts']), ...inDashboards];
}

const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** The settings that are not as an empty file leaves them, in the order of the schema. */
export function changedSettings(config: Config, catalogue: Catalogue): readonly Path[] {
  const schema = namedSchema(catalogue);
  const defaults = defaultsOf(schema);
  const settings = settingsOf(schema).filter((path) => text(valueAt(config, path)) !== text(valueAt(defaults, path)));
  return [...settings, ...changesOf(config)];
}

/** `a`, `a or b`, `a, b or c`. */
const either = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(' or ');

/** The switches of a setting: values of other settings, or the part that it is for, by the kind under which that is skipped. */
type Requires = string | Readonly<Record<string, readonly unknown[] | true>>;

/** A value that leaves off what it switches. */
const isOff = (value: unknown): boolean => ['false', 'null', '""', '"none"', '[]'].includes(text(value));

/** Why a switch does not have one of the values that a setting requires; `true` stands for anything that is on. */
function unmet(setting: string, value: unknown, wanted: readonly unknown[] | true): string | undefined {
  if (wanted === true ? !isOff(value) : [value].flat().some((item) => wanted.includes(item))) return undefined;
  if (value === null || text(value) === '[]') return `${setting} is not set`;
  return Array.isArray(value) && wanted !== true
    ? `${setting} has no ${either(wanted.map(String))}`
    : `${setting} is ${typeof value === 'string' ? value : text(value)}`;
}

/**
 * Why a setting may have no effect: its component or domain is off, or a switch beside it is. Only a suspicion, as others may read it
 * all the same.
 * @param skipped parts that the configuration skips.
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
    for (const { requires = {} } of around as readonly { readonly requires?: Requires }[]) {
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

  /** Alerts, dashboards and panels by their names. */
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

/** Why no output reads a setting: outputs that would are not asked for, or components that would are off. */
function missingReaders(config: Config): (path: Path) => string {
  const known = new Map<string, Read>();
  const reads = (output: Outputs[number], path: Path): boolean => {
    const read = known.get(output.id) ?? readBy(config, [output]);
    known.set(output.id, read);
    return isRead(read, path);
  };
  return (path) => {
    const [section = ''] = path;
    // A section that outputs name is theirs; any other reaches all of them by the bundle.
    const named = OUTPUTS.filter(({ settings, reads: others }) => section in settings || others.includes(section));
    const asked = outputsOf(config);
    const others = (named.length > 0 ? named : OUTPUTS).filter((output) => !asked.includes(output));
    const ids = others.filter((output) => reads(output, path)).map(({ id }) => id);
    if (ids.length > 0) return `targets has no ${either(ids)}`;
    const reasons = COMPONENTS.filter(({ reads: sections }) => sections.includes(section)).map(({ bind }) =>
      bind(config).enabled(),
    );
    return reasons.find((reason): reason is string => reason !== true) ?? 'nothing that is written depends on it';
  };
}

/** Most settings that are set back one by one; a build takes about 60 ms. */
const MAX_REBUILDS = 10;

/** Of suspected settings that were read all the same: those without which the same is written. */
function withoutEffect(config: Config, catalogue: Catalogue, suspected: readonly Path[]): readonly Path[] {
  if (suspected.length === 0) return [];
  const defaults = defaultsOf(namedSchema(catalogue)) as Json;
  const now = written(config);
  const isSame = (paths: readonly Path[]): boolean => {
    const without = paths.reduce((tree, path) => withValue(tree, path, valueAt(defaults, path)) as Config, config);
    // What has become invalid without a setting depends on it.
    return checkConfig(without, catalogue, []).length === 0 && written(without) === now;
  };
  if (isSame(suspected)) return suspected;
  return suspected.length === 1 ? [] : suspected.slice(0, MAX_REBUILDS).filter((path) => isSame([path]));
}

/**
 * Settings that are set and change nothing, a warning for each section and reason: those that no output read, and those that one read
 * although their part or their switch is off, and that change nothing when they are set back.
 */
export function unusedSettings(
  config: Config,
  catalogue: Catalogue,
  read: Read,
  skipped: readonly Skipped[],
): readonly Warning[] {
  const schema = namedSchema(catalogue);
  const candidates = changedSettings(config, catalogue).filter((path) => schemaAt(schema, path)['note'] !== true);
  if (candidates.length === 0) return [];
  const suspect = suspicion(config, catalogue, skipped);
  const suspected = candidates.filter((path) => isRead(read, path) && suspect(path) !== undefined);
  const confirmed = withoutEffect(config, catalogue, suspected);
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
