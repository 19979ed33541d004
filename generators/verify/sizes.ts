import { bytesOf, MAX_ANNOTATION_BYTES, MAX_DATA_BYTES, MAX_STORED_BYTES } from '../schema/limits.ts';
import type { Problem } from '../schema/problems.ts';
import type { Size } from '../model/artifact.ts';

/** Total size of annotations in bytes, keys and values. */
export const annotationBytes = (annotations: Readonly<Record<string, string | null>>): number =>
  Object.entries(annotations).reduce((sum, [key, value]) => sum + bytesOf(key) + bytesOf(value ?? ''), 0);

/** Sizes of an object for which Kubernetes has limits. */
export function objectSizes(object: object): readonly Size[] {
  const { metadata, data = {} } = object as {
    readonly metadata?: { readonly annotations?: Readonly<Record<string, string | null>> };
    readonly data?: Readonly<Record<string, string>>;
  };
  const dataBytes = Object.values(data).reduce((sum, text) => sum + bytesOf(text), 0);
  return [
    { of: 'all annotations together', size: annotationBytes(metadata?.annotations ?? {}), max: MAX_ANNOTATION_BYTES },
    { of: 'the data of a ConfigMap', size: dataBytes, max: MAX_DATA_BYTES },
    { of: 'the object, which etcd stores', size: bytesOf(JSON.stringify(object)), max: MAX_STORED_BYTES },
  ];
}

const counted = (size: number, unit: string): string => `${size.toLocaleString('en-US')} ${unit}`;

/** Problems of sizes above their limits; `path` is the path of the file. */
export const sizeProblems = (path: string, sizes: readonly Size[]): readonly Problem[] =>
  sizes
    .filter(({ size, max }) => size > max)
    .map(({ of, size, max, unit = 'bytes', path: place = path }) => ({
      path: place,
      message: `got ${counted(size, unit)}, expected at most ${counted(max, unit)} for ${of}`,
    }));
