import type { Problem } from '../schema/problems.ts';
import { bytesOf, MAX_ANNOTATION_BYTES, MAX_DATA_BYTES, MAX_STORED_BYTES } from '../schema/limits.ts';

/** Keys and values of a mapping of texts. */
const bytesIn = (map: Readonly<Record<string, string | null>>, withKeys: boolean): number =>
  Object.entries(map).reduce((sum, [key, value]) => sum + (withKeys ? bytesOf(key) : 0) + bytesOf(value ?? ''), 0);

const tooLarge = (path: string, size: number, most: number, what: string): readonly Problem[] =>
  size <= most
    ? []
    : [
        {
          path,
          message: `got ${size.toLocaleString('en-US')} bytes, expected at most ${most.toLocaleString('en-US')}: ${what}`,
        },
      ];

/** What Kubernetes would refuse about the size of an object. */
export function sizeProblems(document: object): readonly Problem[] {
  const { metadata, data } = document as {
    readonly metadata?: { readonly annotations?: Readonly<Record<string, string | null>> };
    readonly data?: Readonly<Record<string, string>>;
  };
  return [
    ...tooLarge(
      'metadata.annotations',
      bytesIn(metadata?.annotations ?? {}, true),
      MAX_ANNOTATION_BYTES,
      'all annotations together',
    ),
    ...tooLarge('data', bytesIn(data ?? {}, false), MAX_DATA_BYTES, 'the data of a ConfigMap'),
    ...tooLarge('', bytesOf(JSON.stringify(document)), MAX_STORED_BYTES, 'what etcd stores of an object'),
  ];
}
