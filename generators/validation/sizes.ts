import type { Problem } from '../config/problems.ts';

/** Bytes of all annotations of an object. Upstream: Kubernetes, apimachinery/pkg/api/validation, TotalAnnotationSizeLimitB. */
const MOST_ANNOTATIONS = 262_144;

/** Bytes of the data of a ConfigMap. Upstream: Kubernetes, pkg/apis/core/validation, ValidateConfigMap. */
const MOST_DATA = 1_048_576;

/** Bytes that etcd takes in one request by default. */
const MOST_STORED = 1_572_864;

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Keys and values of a mapping of texts. */
const bytesOf = (map: Readonly<Record<string, string | null>>, withKeys: boolean): number =>
  Object.entries(map).reduce((sum, [key, value]) => sum + (withKeys ? bytes(key) : 0) + bytes(value ?? ''), 0);

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
      bytesOf(metadata?.annotations ?? {}, true),
      MOST_ANNOTATIONS,
      'all annotations together',
    ),
    ...tooLarge('data', bytesOf(data ?? {}, false), MOST_DATA, 'the data of a ConfigMap'),
    ...tooLarge('', bytes(JSON.stringify(document)), MOST_STORED, 'what etcd stores of an object'),
  ];
}
