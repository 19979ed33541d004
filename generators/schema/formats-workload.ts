import { KUBERNETES_NAME } from './formats.ts';

/** Forms of what manifests of workloads hold, to be spread into a schema. */

/** Something that is off until it is asked for. */
export const ENABLED = { type: 'boolean', default: false } as const;

/** A name that is a DNS label, as those of namespaces and Services must be. */
export const NAME = {
  ...KUBERNETES_NAME,
  pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
  expected: 'a Kubernetes name of up to 63 characters such as kube-system',
} as const;

/** The namespace of something, with its default. */
export const namespace = (name: string, what: string) =>
  ({ ...NAME, default: name, description: `Namespace of ${what}.` }) as const;

/** A quantity of CPU. */
export const CPU = {
  type: 'string',
  pattern: '^([0-9]+(\\.[0-9]+)?|[0-9]+m)$',
  expected: 'a CPU quantity in quotes such as "500m" or "2"',
} as const;

/** A quantity of memory. */
export const MEMORY = {
  type: 'string',
  pattern: '^[0-9]+(Mi|Gi)$',
  expected: 'a memory quantity such as 500Mi',
} as const;

/** A container image, pinned. */
export const IMAGE = {
  type: 'string',
  // A reference without a tag or digest would be whatever was pushed last; ":latest" says the same.
  pattern:
    '^(?!.*:latest$)[a-z0-9][-a-z0-9._/]*(:[0-9]+/[-a-z0-9._/]+)?(:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}|@sha256:[0-9a-f]{64})$',
  expected: 'an image with a tag other than latest, or a digest',
} as const;
