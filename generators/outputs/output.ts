import type { Draft } from '../model/artifact.ts';
import type { Bundle, Skipped } from '../model/bundle.ts';
import type { Kinds } from '../schema/objects.ts';
import type { Check } from '../settings/check.ts';
import { pick, type Sections, type Slice } from '../settings/section.ts';

/** One output format: knows its paths, its format and its escaping, and nothing of what the bundle means. */
interface Definition<S extends Sections, R extends Sections> {
  /** Its name in `targets`. */
  readonly id: string;
  /** Folder of its files, below the output folder: `rules/prometheus`. */
  readonly folder: string;
  /** Sections of the configuration that belong to it. */
  readonly settings: S;
  /** Sections of others that it reads. */
  readonly reads: R;
  readonly checks?: readonly Check[];
  readonly emit: (bundle: Bundle, config: Slice<S & R>) => readonly Draft[];
  /** Parts that it leaves out because the configuration does not say enough, and why. */
  readonly skipped?: (config: Slice<S & R>) => readonly Skipped[];
  /** Schemas of the kinds of objects that it writes. */
  readonly kinds?: Kinds;
}

/** An output as the engine knows it. */
export interface Output<S extends Sections = Sections, Id extends string = string> {
  readonly id: Id;
  readonly folder: string;
  readonly settings: S;
  readonly reads: readonly string[];
  readonly checks: readonly Check[];
  readonly kinds: Kinds;
  /** @param config a configuration; the output sees its own sections and those that it reads. */
  readonly bind: (config: object) => {
    readonly emit: (bundle: Bundle) => readonly Draft[];
    readonly skipped: () => readonly Skipped[];
  };
}

/** Defines an output format: hides its slice of the configuration behind `bind`. */
export function output<const Id extends string, const S extends Sections, const R extends Sections>(
  definition: Definition<S, R> & { readonly id: Id },
): Output<S, Id> {
  const { id, folder, settings, reads, checks = [], kinds = {} } = definition;
  return {
    id,
    folder,
    settings,
    reads: Object.keys(reads),
    checks,
    kinds,
    bind: (config) => {
      const slice = pick(config, [...Object.keys(settings), ...Object.keys(reads)]) as Slice<S & R>;
      return {
        emit: (bundle) => definition.emit(bundle, slice),
        skipped: () => definition.skipped?.(slice) ?? [],
      };
    },
  };
}
