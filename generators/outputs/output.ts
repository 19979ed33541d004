import type { Config } from '../settings/index.ts';
import type { Draft } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Omission } from '../model/skipped.ts';

/** One packaging: knows its paths, its format and its escaping, and nothing of what the bundle means. */
export interface Target {
  readonly id: Config['targets'][number];
  emit(bundle: Bundle, config: Config): readonly Draft[];
  /** What this packaging leaves out because the configuration does not say enough, and why. */
  omissions?(config: Config): readonly Omission[];
}
