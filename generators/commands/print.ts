import type { Build } from '../build/index.ts';
import type { Artifact } from '../model/artifact.ts';
import { OUTPUTS, type OutputName } from '../registry.ts';
import { buildFor, type Flags, type Io } from './context.ts';

/** The JSON output of `print`. */
export interface Printed {
  readonly artifacts: readonly Pick<Artifact, 'path' | 'kind' | 'text'>[];
  /** All dashboards as classic JSON, independent of `targets`. */
  readonly dashboards: readonly unknown[];
  /** All plain rule files by path, independent of `targets`. */
  readonly rules: Readonly<Record<string, string>>;
}

/** The files of one output, with the versions of the build if the output is in `targets`. */
const emitted = (
  { config, bundle, artifacts }: Build,
  id: OutputName,
): readonly (readonly [path: string, text: string])[] =>
  OUTPUTS.filter((output) => output.id === id)
    .flatMap((output) => output.bind(config).emit(bundle))
    .map(({ path, render }) => [path, artifacts.find((artifact) => artifact.path === path)?.text ?? render(1)]);

/** Collects the output of `print` from a build. */
export const printed = (build: Build): Printed => ({
  artifacts: build.artifacts.map(({ path, kind, text }) => ({ path, kind, text })),
  dashboards: emitted(build, 'grafana').map(([, text]) => JSON.parse(text) as unknown),
  rules: Object.fromEntries(emitted(build, 'prometheus')),
});

/** Prints everything that the configuration generates as JSON; writes nothing. */
export async function printCommand(io: Io, flags: Flags): Promise<number> {
  io.stdout(`${JSON.stringify(printed(await buildFor(io, flags)), null, 2)}\n`);
  return 0;
}
