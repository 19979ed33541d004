import { checkConfig } from '../config/checks.ts';
import {
  defaultsOf,
  namedSchema,
  schemaAt,
  settingsOf,
  type Catalogue,
  type Json,
  type Path,
} from '../config/schema.ts';
import type { Warning } from '../model/report.ts';
import { COMPONENTS, DOMAINS, OUTPUTS, type Config } from '../registry.ts';
import { valueAt, withValue } from '../settings/section.ts';
import { makeBundle } from './bundle.ts';
import { readingsOf } from './readings.ts';

/** Settings that were read: paths with dots. */
export type Read = ReadonlySet<string>;

const isMapping = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A configuration that records which of its settings are read, until it is told to stop. */
export function recorder(config: Config): { readonly config: Config; readonly stop: () => Read } {
  const read = new Set<string>();
  let isOn = true;
  const note = (path: string) => {
    if (isOn) read.add(path);
  };
  const wrap = (tree: Json, above: string): Json =>
    new Proxy(tree, {
      get: (target, key, receiver): unknown => {
        const value: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol') return value;
        const path = above === '' ? key : `${above}.${key}`;
        if (isMapping(value)) return wrap(value, path);
        note(path);
        return value;
      },
      // Whoever asks for all keys reads the mapping as one value.
      ownKeys: (target) => {
        note(above);
        return Reflect.ownKeys(target);
      },
    });
  return {
    config: wrap(config, '') as Config,
    stop: () => {
      isOn = false;
      return read;
    },
  };
}

const isRead = (read: Read, path: Path): boolean => {
  const dotted = path.join('.');
  return read.has(dotted) || [...read].some((other) => other.startsWith(`${dotted}.`));
};

/** Everything that outputs write of a configuration, but for versions. */
const written = (config: Config, outputs: readonly (typeof OUTPUTS)[number][]): readonly (readonly string[])[] => {
  const bundle = makeBundle(config);
  return outputs.flatMap((output) =>
    output
      .bind(config)
      .emit(bundle)
      .map(({ path, render }) => [path, render(1)]),
  );
};

/** Changes of alerts and of panels, each of which is one setting; one that only switches something off is not among them. */
function changesOf({ alerts, dashboards }: Config): readonly Path[] {
  const changed = (of: Readonly<Record<string, unknown>>, above: Path): readonly Path[] =>
    Object.entries(of)
      .filter(([, change]) => change !== false && change !== undefined)
      .map(([name]) => [...above, name]);
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
  const changed = settingsOf(schema).filter((path) => text(valueAt(config, path)) !== text(valueAt(defaults, path)));
  return [...changed, ...changesOf(config)];
}

/** `a`, `a or b`, `a, b or c`. */
const either = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), ...items.slice(-1)].filter((part) => part !== '').join(' or ');

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : value === '' ? 'empty' : value === null ? 'null' : String(value);

/** Whether a switch has one of the values that a setting requires; `true` stands for anything that is on. */
function isMet(value: unknown, wanted: readonly unknown[] | true): boolean {
  if (wanted === true) return ![false, null, '', 'none'].includes(value as never) && text(value) !== '[]';
  return [value].flat().some((item) => wanted.includes(item));
}

/** The switches of a setting: values of other settings, or the part that it is for, by the kind under which that is skipped. */
type Requires = string | Readonly<Record<string, readonly unknown[] | true>>;

/** Why the switches of a setting, or of a section around it, are not as the setting requires. */
function switchReason(config: Config, schema: Json, path: Path): string | undefined {
  for (let length = 1; length <= path.length; length += 1) {
    const { requires = {} } = schemaAt(schema, path.slice(0, length)) as { readonly requires?: Requires };
    if (typeof requires === 'string') {
      const skipped = makeBundle(config).skipped.find(({ kind }) => kind === requires);
      if (skipped !== undefined) return skipped.reason;
      continue;
    }
    for (const [setting, wanted] of Object.entries(requires)) {
      const value = valueAt(config, setting.split('.'));
      if (isMet(value, wanted)) continue;
      if (value === null || text(value) === '[]') return `${setting} is not set`;
      return Array.isArray(value) && wanted !== true
        ? `${setting} has no ${either(wanted.map(String))}`
        : `${setting} is ${shown(value)}`;
    }
  }
  return undefined;
}

/** Why the part that a section belongs to is not there; undefined where it is, or where the section belongs to none. */
function ownerReason(config: Config, [section = '']: Path): string | undefined {
  const readings = readingsOf(config);
  const owners = [
    ...COMPONENTS.map((component) => ({ settings: component.settings, enabled: component.bind(config).enabled })),
    ...DOMAINS.map((domain) => ({ settings: domain.settings, enabled: domain.bind(config, readings).enabled })),
  ];
  const reasons = owners.filter(({ settings }) => section in settings).map(({ enabled }) => enabled());
  return reasons.find((reason) => reason !== true) as string | undefined;
}

/** Why a change to an alert, a dashboard or a panel changes nothing; undefined for all other settings. */
function namedReason(config: Config, [section, name = '', part, panel]: Path): string | undefined {
  const domains = DOMAINS.map((domain) => domain.bind(config, readingsOf(config)));
  if (section === 'alerts')
    return domains.map((domain) => domain.alertSkipped(name)).find((reason) => reason !== undefined);
  if (section !== 'dashboards') return undefined;
  const dashboard = domains.map((domain) => domain.dashboard(name)).find((found) => found !== undefined);
  if (dashboard === undefined || 'reason' in dashboard) return dashboard?.reason;
  return part === 'panels' ? dashboard.skipped?.find((skipped) => skipped.panel === panel)?.reason : undefined;
}

/** Components and outputs that would read a setting if they were there. */
function missingReaders(config: Config): (path: Path) => string {
  const outputs = OUTPUTS.filter(({ id }) => !config.targets.includes(id)).map((output) => {
    const recording = recorder(config);
    written(recording.config, [output]);
    return { id: output.id, read: recording.stop() };
  });
  return (path) => {
    const ids = outputs.filter(({ read }) => isRead(read, path)).map(({ id }) => id);
    if (ids.length > 0) return `targets has no ${either(ids)}`;
    const reasons = COMPONENTS.filter(({ reads }) => reads.includes(path[0] ?? '')).map((component) =>
      component.bind(config).enabled(),
    );
    return (reasons.find((reason) => reason !== true) as string | undefined) ?? 'nothing that is written depends on it';
  };
}

/** Most settings that are set back one by one; a build takes about 60 ms. */
const MAX_REBUILDS = 10;

/** Of settings that were read although their part or their switch is off: those without which the same is written. */
function withoutEffect(config: Config, catalogue: Catalogue, suspected: readonly Path[]): readonly Path[] {
  if (suspected.length === 0) return [];
  const defaults = defaultsOf(namedSchema(catalogue));
  const outputs = OUTPUTS.filter(({ id }) => config.targets.includes(id));
  const now = text(written(config, outputs));
  const isSame = (paths: readonly Path[]): boolean => {
    const without = paths.reduce((tree, path) => withValue(tree, path, valueAt(defaults, path)) as Config, config);
    // What has become invalid without a setting depends on it.
    return checkConfig(without, catalogue, []).length === 0 && text(written(without, outputs)) === now;
  };
  if (isSame(suspected)) return suspected;
  return suspected.slice(0, MAX_REBUILDS).filter((path) => isSame([path]));
}

/** Settings that are set and change nothing, a warning for each section and reason. */
export function unusedSettings(config: Config, catalogue: Catalogue, read: Read): readonly Warning[] {
  const schema = namedSchema(catalogue);
  // What only commands read, and facts for people.
  const changed = changedSettings(config, catalogue).filter((path) => schemaAt(schema, path)['note'] !== true);
  const offReason = (path: Path) =>
    ownerReason(config, path) ?? switchReason(config, schema, path) ?? namedReason(config, path);
  const unread = changed.filter((path) => !isRead(read, path));
  const suspected = changed.filter((path) => isRead(read, path) && offReason(path) !== undefined);
  const confirmed = withoutEffect(config, catalogue, suspected);
  const unused = changed.filter((path) => unread.includes(path) || confirmed.includes(path));
  if (unused.length === 0) return [];
  let others: ((path: Path) => string) | undefined;
  const groups = new Map<string, string[]>();
  for (const path of unused) {
    const reason = offReason(path) ?? (others ??= missingReaders(config))(path);
    const key = JSON.stringify([path[0], reason]);
    groups.set(key, [...(groups.get(key) ?? []), path.join('.')]);
  }
  return [...groups].map(([key, settings]) => ({
    kind: 'no effect',
    settings,
    reason: (JSON.parse(key) as readonly [string, string])[1],
  }));
}
