import { MAX_ANNOTATION_BYTES } from '../schema/limits.ts';
import type { Draft, Size } from '../model/artifact.ts';
import { plain, type Tree } from '../model/tree.ts';
import type { PACKAGING } from '../settings/general.ts';
import type { Slice } from '../settings/section.ts';
import { applyCommand } from '../shared/apply.ts';
import { annotationBytes, objectSizes } from '../verify/sizes.ts';
import { yamlDocument } from './yaml.ts';

/** A Kubernetes object before its version is known. */
export interface Resource {
  /** Path below the output folder. */
  readonly path: string;
  /** The file's header: its purpose; the command that applies it follows. */
  readonly header: string;
  readonly object: (version: number) => { readonly [key: string]: Tree };
  /** Limits of whoever takes the object, beyond those of Kubernetes. */
  readonly sizes?: readonly Size[];
}

/** Labels of every object, so that `kubectl get --selector` finds them. */
export const PART_OF_AZIMUTH = { 'app.kubernetes.io/part-of': 'azimuth' } as const;

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
function bytesAfterApply(object: object): number {
  const { metadata } = object as { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  const copy = `${JSON.stringify(object).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000')}\n`;
  return annotationBytes({ ...metadata?.annotations, [LAST_APPLIED]: copy });
}

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

type ApplyConfig = Slice<{ packaging: typeof PACKAGING }>;

function draftOf(config: ApplyConfig, { path, header, object, sizes = [] }: Resource): Draft {
  const longest = plain(object(LONGEST_VERSION)) as object;
  const applied = bytesAfterApply(longest);
  const near =
    applied > NEAR * MAX_ANNOTATION_BYTES
      ? `\nApply with --server-side: the copy that client-side apply keeps in an annotation has ${inBytes(applied)}, and ` +
        `annotations may have ${inBytes(MAX_ANNOTATION_BYTES)}.`
      : '';
  const ofApply: Size = {
    of: 'the annotation of client-side apply (or set packaging.apply to server-side)',
    size: applied,
    max: MAX_ANNOTATION_BYTES,
  };
  return {
    path,
    kind: 'manifest',
    format: 'yaml',
    document: 'object',
    sizes: [...sizes, ...objectSizes(longest), ...(config.packaging.apply === 'client-side' ? [ofApply] : [])],
    render: (version) => yamlDocument(`${header}\n${applyCommand(config, path)}${near}`, object(version)),
  };
}

/** Drafts of Kubernetes objects, one a file. */
export const resourceDrafts = (config: ApplyConfig, resources: readonly Resource[]): readonly Draft[] =>
  resources.map((resource) => draftOf(config, resource));
