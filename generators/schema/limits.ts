/** Bytes of all annotations of an object. Upstream: Kubernetes, apimachinery/pkg/api/validation, TotalAnnotationSizeLimitB. */
export const MAX_ANNOTATION_BYTES = 262_144;

/** Bytes of the data of a ConfigMap. Upstream: Kubernetes, pkg/apis/core/validation, ValidateConfigMap. */
export const MAX_DATA_BYTES = 1_048_576;

/** Bytes that etcd takes in one request by default, 1.5 MiB; the API server stores nothing larger. */
export const MAX_STORED_BYTES = 1_572_864;

/** The largest number of a field that is an int32, as most counts of Kubernetes are; more comes out negative. */
export const MAX_INT32 = 2_147_483_647;

/** Bytes of a text in UTF-8. */
export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');
