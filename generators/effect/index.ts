import type { Catalogue } from '../config/names.ts';
import type { Config } from '../settings/index.ts';
import type { Note } from '../model/warning.ts';
import { chartReaders } from './chart-readers.ts';
import { doubtsAbout } from './doubts.ts';
import { namedIdle } from './named.ts';
import { packagingReaders } from './packaging-readers.ts';
import type { Reader } from './readers.ts';
import { changedSettings, type Path } from './settings.ts';
import { sourceReaders } from './source-readers.ts';

/** What reads which settings, wider ones before those within. */
export const READERS: readonly Reader[] = [...sourceReaders, ...chartReaders, ...packagingReaders];

const covers = (setting: string, path: string): boolean => path === setting || path.startsWith(`${setting}.`);

/**
 * Why nothing that is written depends on a setting; undefined where something does. A setting that several readers name has an effect
 * only where all of them are there: each is a condition, the wider ones first.
 */
export function idleReason(config: Config, path: Path): string | undefined {
  const dotted = path.join('.');
  for (const { settings, missing } of READERS) {
    const reason = settings.some((setting) => covers(setting, dotted)) ? missing(config) : undefined;
    if (reason !== undefined) return reason;
  }
  return namedIdle(config, path);
}

/** Settings that are set and change nothing, a note for each section and reason. */
function withoutEffect(config: Config, catalogue: Catalogue): readonly Note[] {
  const idle = changedSettings(config, catalogue).flatMap((path) => {
    const reason = idleReason(config, path);
    return reason === undefined ? [] : [{ section: path[0], setting: path.join('.'), reason }];
  });
  const groups = new Map<string, string[]>();
  for (const { section, setting, reason } of idle) {
    const key = JSON.stringify([section, reason]);
    groups.set(key, [...(groups.get(key) ?? []), setting]);
  }
  return [...groups].map(([key, settings]) => ({
    kind: 'no effect',
    settings,
    reason: (JSON.parse(key) as readonly [string, string])[1],
  }));
}

/** What in a configuration may not be meant so. No mistakes: those are for the checks. */
export const notesOn = (config: Config, catalogue: Catalogue): readonly Note[] => [
  ...withoutEffect(config, catalogue),
  ...doubtsAbout(config),
];
