import type { Config } from '../config/schema.ts';
import type { Draft } from './artifact.ts';
import type { Bundle } from './bundle.ts';

/** One packaging: knows its paths, its format and its escaping, and nothing of what the bundle means. */
export interface Target {
  readonly id: Config['targets'][number];
  emit(bundle: Bundle): readonly Draft[];
}
