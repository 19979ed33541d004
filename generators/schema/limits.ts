/** Maximum size of all annotations of an object, in bytes. Upstream: Kubernetes, apimachinery/pkg/api/validation, TotalAnnotationSizeLimitB. */
export const MAX_ANNOTATION_BYTES = 262_144;

/** Maximum size of the data of a ConfigMap, in bytes. Upstream: Kubernetes, pkg/apis/core/validation, ValidateConfigMap. */
export const MAX_DATA_BYTES = 1_048_576;

/** Maximum size of an etcd request by default, 1.5 MiB in bytes; the API server cannot store a larger object. */
export const MAX_STORED_BYTES = 1_572_864;

/** Largest int32, the type of most counts in Kubernetes; larger numbers overflow and become negative. */
export const MAX_INT32 = 2_147_483_647;

/** Size of a text in UTF-8, in bytes. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');
