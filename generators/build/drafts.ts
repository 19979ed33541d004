import type { Draft } from '../model/artifact.ts';
import type { Bundle } from '../model/bundle.ts';
import { type Config, OUTPUTS } from '../registry.ts';

/** Outputs by the registry. */
export type Outputs = readonly (typeof OUTPUTS)[number][];

/** The outputs in `targets`. */
export const outputsOf = ({ targets }: Config): Outputs => OUTPUTS.filter(({ id }) => targets.includes(id));

/** The files of outputs, before their versions are known. */
export const draftsOf = (config: Config, bundle: Bundle, outputs = outputsOf(config)): readonly Draft[] =>
  outputs.flatMap((output) => output.bind(config).emit(bundle));
