import type { Skipped } from '../model/report.ts';
import type { Draft } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Kinds } from '../schema/objects.ts';
import { type EnginePart, enginePart, type Part, sliceOf } from '../settings/check.ts';
import type { Sections, Slice } from '../settings/section.ts';

/** One output format, by its id in `targets`. It knows paths, syntax and escaping, and nothing of the meaning of the bundle. */
interface Definition<S extends Sections, R extends Sections> extends Part<S, R> {
  /** Folder of its files, relative to the output folder: `rules/prometheus`. */
  readonly folder: string;
  readonly emit: (bundle: Bundle, config: Slice<S & R>) => readonly Draft[];
  /** Files that it cannot write because settings are missing, and why. */
  readonly skipped?: (config: Slice<S & R>) => readonly Skipped[];
  /** Schemas of the kinds of objects that it writes. */
  readonly kinds?: Kinds;
}

/** An output as the engine knows it. */
export interface Output<S extends Sections = Sections, Id extends string = string> extends EnginePart<S> {
  readonly id: Id;
  readonly folder: string;
  readonly kinds: Kinds;
  /** @param config a configuration; the output sees its own sections and those that it reads. */
  readonly bind: (config: object) => {
    readonly emit: (bundle: Bundle) => readonly Draft[];
    readonly skipped: () => readonly Skipped[];
  };
}

/** Defines an output format: hides its slice of the configuration behind `bind`. */
export const output = <const Id extends string, const S extends Sections, const R extends Sections>(
  definition: Definition<S, R> & { readonly id: Id },
): Output<S, Id> => ({
  ...enginePart(definition),
  id: definition.id,
  folder: definition.folder,
  kinds: definition.kinds ?? {},
  bind: (config) => {
    const slice = sliceOf(definition, config);
    return { emit: (bundle) => definition.emit(bundle, slice), skipped: () => definition.skipped?.(slice) ?? [] };
  },
});
