import { MAX_ANNOTATION_BYTES } from '../schema/limits.ts';
import type { Draft, Size } from '../model/artifact.ts';
import { plain, type Tree } from '../model/tree.ts';
import { type Applied, applyCommand } from '../shared/apply.ts';
import { annotationBytes, objectSizes } from '../verify/sizes.ts';
import { yamlDocument } from './yaml.ts';

/** A Kubernetes object as a function of its version. */
export interface Resource {
  /** Path relative to the output folder. */
  readonly path: string;
  /** Header of the file: its purpose. The command that applies it is added. */
  readonly header: string;
  readonly object: (version: number) => { readonly [key: string]: Tree };
  /** Size limits of the consumer, in addition to those of Kubernetes. */
  readonly sizes?: readonly Size[];
}

/** Labels of all objects, for `kubectl get --selector`. */
export const PART_OF_AZIMUTH = { 'app.kubernetes.io/part-of': 'azimuth' } as const;

/** The version of a rule object, as an annotation. Dashboards have a version field of their own. */
export const versionAnnotation = (version: number): { readonly [key: string]: string } => ({
  'azimuth/version': String(version),
});

/** Share of the size limit above which the header demands server-side apply. */
const NEAR = 0.8;

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** A version with the maximum number of digits: a size must not exceed its limit because the version grows. */
const MAX_VERSION = 999_999;

/** Size of the annotations after client-side apply, which adds the object as JSON. Go's encoder escapes <, > and & with six characters. */
function bytesAfterApply(object: object): number {
  const { metadata } = object as { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  const copy = `${JSON.stringify(object).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000')}\n`;
  return annotationBytes({ ...metadata?.annotations, [LAST_APPLIED]: copy });
}

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

/** The draft of a Kubernetes object. */
export function resourceDraft(config: Applied, { path, header, object, sizes = [] }: Resource): Draft {
  const longest = plain(object(MAX_VERSION)) as object;
  const applied = bytesAfterApply(longest);
  const near =
    applied > NEAR * MAX_ANNOTATION_BYTES
      ? `\nApply with --server-side: the copy that client-side apply keeps in an annotation has ${inBytes(applied)}; ` +
        `the limit of annotations is ${inBytes(MAX_ANNOTATION_BYTES)}.`
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
