import {
  COMPONENTS,
  completeConfig,
  makeCatalogue,
  OUTPUTS,
  readingsOf,
  type SourceName,
} from '../../generators/index.ts';
import type { Kinds } from '../../generators/schema/objects.ts';
import { catalogue } from './generate.ts';

/** Every output format that a configuration may ask for. */
export const TARGETS = OUTPUTS.map(({ id }) => id);

/** Every kind of object that may be written. */
export const KINDS: Kinds = Object.assign({}, ...[...COMPONENTS, ...OUTPUTS].map(({ kinds }) => kinds)) as Kinds;

/** The adapter of a flow source under its defaults. */
export const adapterOf = (source: SourceName) =>
  readingsOf(completeConfig(source, { flows: { source } }, catalogue)).sources.find(({ id }) => id === source);
