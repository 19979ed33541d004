import { ProblemError, type Problem } from '../schema/problems.ts';
import type { Config } from '../settings/index.ts';
import { applyCommand } from '../shared/apply.ts';
import type { Draft } from '../model/artifact.ts';
import { plain, type Tree } from '../model/tree.ts';
import { bytesOf, MAX_ANNOTATION_BYTES, MAX_STORED_BYTES } from '../schema/limits.ts';
import { yamlDocument } from './yaml.ts';

/** A Kubernetes object before its version is known. */
export interface Resource {
  /** Path below the output folder. */
  readonly path: string;
  /** What it carries, as messages name it: `dashboard zone-traffic`. */
  readonly what: string;
  /** What the file is for and how it is applied; written at its top. */
  readonly about: string;
  readonly object: (version: number) => { readonly [key: string]: Tree };
  /** Limits of whoever takes the object, beyond those of `kubectl apply`. */
  readonly limits: readonly Limit[];
}

/** A size that must not be exceeded. */
export interface Limit {
  /** What is measured, and who sets the limit. */
  readonly of: string;
  readonly bytes: number;
  readonly most: number;
}

/** Labels of every object, so that `kubectl get --selector` finds them. */
export const OUR_LABELS = { 'app.kubernetes.io/part-of': 'azimuth' } as const;

/** The annotation of a rule object's version; dashboards carry theirs inside. */
export const versionAnnotation = (version: number): { readonly [key: string]: string } => ({
  'azimuth/version': String(version),
});

/** From this part of the limit on, the file says that it must be applied server-side. */
const NEAR = 0.8;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A version with as many digits as any will ever have: sizes must not cross a limit because a version rises. */
const LONGEST_VERSION = 999_999;

/** Bytes of the annotations after client-side apply, which adds the object as JSON. Go's encoder writes <, > and & as six characters. */
function annotationBytes(object: { readonly [key: string]: unknown }): number {
  const { metadata } = object as { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  const copy = `${JSON.stringify(object).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000')}\n`;
  const all = { ...metadata?.annotations, [LAST_APPLIED]: copy };
  return Object.entries(all).reduce((sum, [key, value]) => sum + bytesOf(key) + bytesOf(value), 0);
}

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

/** Everything that Kubernetes, or whoever reads the object, would refuse about its size. */
function sizeProblems({ path, what, limits }: Resource, annotations: number, stored: number, apply: string): Problem[] {
  const all: readonly Limit[] = [
    ...limits,
    { of: 'the object, which etcd stores', bytes: stored, most: MAX_STORED_BYTES },
    ...(apply === 'client-side'
      ? [
          {
            of: `the annotation of client-side apply (or set packaging.apply to server-side)`,
            bytes: annotations,
            most: MAX_ANNOTATION_BYTES,
          },
        ]
      : []),
  ];
  return all
    .filter(({ bytes, most }) => bytes > most)
    .map(({ of, bytes, most }) => ({
      path,
      message: `${what} has ${inBytes(bytes)}, expected at most ${inBytes(most)} for ${of}`,
    }));
}

/**
 * Drafts of Kubernetes objects, one a file.
 * @throws ProblemError naming every object that is too large, its size and the limit.
 */
export function resourceDrafts(config: Config, resources: readonly Resource[]): readonly Draft[] {
  const measured = resources.map((resource) => {
    const data = plain(resource.object(LONGEST_VERSION)) as { readonly [key: string]: unknown };
    return { resource, annotations: annotationBytes(data), stored: bytesOf(JSON.stringify(data)) };
  });
  const problems = measured.flatMap(({ resource, annotations, stored }) =>
    sizeProblems(resource, annotations, stored, config.packaging.apply),
  );
  if (problems.length > 0) throw new ProblemError('generated artifacts', problems);
  return measured.map(({ resource: { path, about, object }, annotations }) => {
    const near =
      annotations > NEAR * MAX_ANNOTATION_BYTES
        ? `\nApply with --server-side: the copy that client-side apply keeps in an annotation has ${inBytes(annotations)}, and ` +
          `annotations may have ${inBytes(MAX_ANNOTATION_BYTES)}.`
        : '';
    return {
      path,
      kind: 'manifest',
      render: (version) => yamlDocument(`${about}\n${applyCommand(config, path)}${near}`, object(version)),
    };
  });
}
