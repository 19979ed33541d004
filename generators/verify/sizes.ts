import type { Problem } from '../schema/problems.ts';
import { bytesOf, MOST_ANNOTATIONS, MOST_DATA, MOST_STORED } from '../schema/limits.ts';

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
      MOST_ANNOTATIONS,
      'all annotations together',
    ),
    ...tooLarge('data', bytesIn(data ?? {}, false), MOST_DATA, 'the data of a ConfigMap'),
    ...tooLarge('', bytesOf(JSON.stringify(document)), MOST_STORED, 'what etcd stores of an object'),
  ];
}
