import type { Config } from '../config/schema.ts';
import type { Draft } from './artifact.ts';
import type { Bundle } from './bundle.ts';
import type { Omission } from './omission.ts';

/** One packaging: knows its paths, its format and its escaping, and nothing of what the bundle means. */
export interface Target {
  readonly id: Config['targets'][number];
  emit(bundle: Bundle, config: Config): readonly Draft[];
  /** What this packaging leaves out because the configuration does not say enough, and why. */
  omissions?(config: Config): readonly Omission[];
}
