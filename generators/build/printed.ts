import type { Artifact } from '../model/artifact.ts';
import { OUTPUTS, type OutputName } from '../registry.ts';
import { draftsOf } from './drafts.ts';
import type { Build } from './index.ts';

/** Everything that a configuration generates, as `print` gives it to programs. */
export interface Printed {
  readonly artifacts: readonly Pick<Artifact, 'path' | 'kind' | 'text'>[];
  /** Every dashboard as classic JSON, whatever the targets. */
  readonly dashboards: readonly unknown[];
  /** Every rule file in its plain form, by its path, whatever the targets. */
  readonly rules: Readonly<Record<string, string>>;
}

/** The files of one output; with the versions of the build where it is one of the targets. */
const emitted = (
  { config, bundle, artifacts }: Build,
  id: OutputName,
): readonly (readonly [path: string, text: string])[] =>
  draftsOf(
    config,
    bundle,
    OUTPUTS.filter((output) => output.id === id),
  ).map(({ path, render }) => [path, artifacts.find((artifact) => artifact.path === path)?.text ?? render(1)]);

/** Gathers everything that a build generates. */
export const printed = (build: Build): Printed => ({
  artifacts: build.artifacts.map(({ path, kind, text }) => ({ path, kind, text })),
  dashboards: emitted(build, 'grafana').map(([, text]) => JSON.parse(text) as unknown),
  rules: Object.fromEntries(emitted(build, 'prometheus')),
});
