import { COMPONENTS, OUTPUTS } from '../../generators/index.ts';
import type { Kinds } from '../../generators/schema/objects.ts';

/** Every output format that a configuration may ask for. */
export const TARGETS = OUTPUTS.map(({ id }) => id);

/** Every kind of object that may be written. */
export const KINDS: Kinds = Object.assign({}, ...[...COMPONENTS, ...OUTPUTS].map(({ kinds }) => kinds)) as Kinds;
