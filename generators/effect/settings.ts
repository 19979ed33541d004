import { defaultsOf, namedSchema, type Catalogue, type Json } from '../config/names.ts';
import type { Config } from '../settings/index.ts';

/** The path of one setting, such as `['cilium', 'apiServer', 'host']`. */
export type Path = readonly string[];

/** The value at a path; undefined where a part of it is missing. */
export const valueAt = (tree: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Json)[key] : undefined), tree);

/**
 * Every setting that has a default, in the order of the schema. Lists and mappings of any keys, such as labels, are one setting each;
 * alerts and dashboards have names of their own and are not among them.
 */
export function settingsOf(schema: Json, above: Path = []): readonly Path[] {
  return Object.entries((schema['properties'] ?? {}) as Record<string, Json>).flatMap(
    ([key, property]): readonly Path[] => {
      const path = [...above, key];
      if (!('default' in property)) return [];
      return 'properties' in property ? settingsOf(property, path) : [path];
    },
  );
}

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

/** What stands for a value where two are compared. */
const text = (value: unknown): string => JSON.stringify(value) ?? '';

/** The settings that are not as an empty file leaves them, in the order of the schema. */
export function changedSettings(config: Config, catalogue: Catalogue): readonly Path[] {
  const schema = namedSchema(catalogue);
  const defaults = defaultsOf(schema);
  const changed = settingsOf(schema).filter((path) => text(valueAt(config, path)) !== text(valueAt(defaults, path)));
  return [...changed, ...changesOf(config)];
}
