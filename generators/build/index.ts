import { makeBundle } from './bundle.ts';
import { editorSchema, type Catalogue } from '../config/names.ts';
import type { Config } from '../settings/index.ts';
import { versioned, type LockEntry } from '../output-dir/lock.ts';
import { MARK, type Artifact, type Draft } from '../model/artifact.ts';
import { notesOn } from '../effect/index.ts';
import type { Bundle } from '../model/bundle.ts';
import type { Note } from '../model/warning.ts';
import { allTargets } from '../targets/index.ts';
import { validateArtifacts } from '../verify/artifacts.ts';
import { verifyBundle } from '../verify/bundle.ts';

/** The schema for editors, published beside the artifacts. */
const schemaDraft = (catalogue: Catalogue): Draft => ({
  path: 'azimuth.schema.json',
  kind: 'schema',
  render: () => {
    const schema = { $comment: `${MARK}; do not edit.`, ...editorSchema(catalogue) };
    return `${JSON.stringify(schema, null, 2)}\n`;
  },
});

/** What one configuration generates. */
export interface Build {
  readonly config: Config;
  readonly bundle: Bundle;
  readonly artifacts: readonly Artifact[];
  /** What in the configuration may not be meant so. */
  readonly notes: readonly Note[];
}

/**
 * From a configuration and the committed lock to files. Pure: the same input gives the same bytes.
 * @throws ProblemError when a generated query is not PromQL, or when the reader of an artifact would refuse it.
 */
export function build(config: Config, catalogue: Catalogue, lock: readonly LockEntry[]): Build {
  const targets = allTargets.filter(({ id }) => config.targets.includes(id));
  const made = makeBundle(config);
  const omitted = targets.flatMap((target) => target.omissions?.(config) ?? []);
  const bundle = { ...made, omissions: [...made.omissions, ...omitted] };
  verifyBundle(bundle);
  const drafts = targets.flatMap((target) => target.emit(bundle, config));
  const artifacts = versioned([...drafts, schemaDraft(catalogue)], lock);
  validateArtifacts(bundle, artifacts);
  return { config, bundle, artifacts, notes: notesOn(config, catalogue) };
}
