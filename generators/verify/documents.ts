import { show, suggestion, type Problem } from '../schema/problems.ts';
import { BEYOND } from './semantic.ts';
import { awsKinds } from '../outputs/amp/kinds.ts';
import { coreKinds } from './kinds-core.ts';
import { grafanaKinds } from './kinds-grafana.ts';
import { openTelemetryKinds } from '../components/adot/kinds.ts';
import { patchKinds } from '../components/topology-routing/kinds.ts';
import { prometheusOperatorKinds } from './kinds-prometheus.ts';
import { sourceKinds } from './kinds-sources.ts';
import type { Schema } from '../schema/objects.ts';
import { schemaProblems } from '../schema/validator.ts';
import { sizeProblems } from './sizes.ts';

/** Every kind that may be written, as `apiVersion kind`; a schema is made when its first document comes by. */
const KINDS: Readonly<Record<string, () => Schema>> = {
  ...awsKinds,
  ...coreKinds,
  ...grafanaKinds,
  ...openTelemetryKinds,
  ...patchKinds,
  ...prometheusOperatorKinds,
  ...sourceKinds,
};

/** The kinds that are known, as `apiVersion kind`. */
export const knownKinds: readonly string[] = Object.keys(KINDS);

const made = new Map<string, Schema>();

function schemaOf(name: string): Schema | undefined {
  if (!Object.hasOwn(KINDS, name)) return undefined;
  const schema = made.get(name) ?? KINDS[name]?.();
  if (schema !== undefined) made.set(name, schema);
  return schema;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a cluster would refuse or ignore about a Kubernetes object: unknown kinds, misspelt keys, names, sizes, inner documents. */
export function documentProblems(document: unknown): readonly Problem[] {
  if (!isObject(document)) return [{ path: '', message: `got ${show(document)}, expected a Kubernetes object` }];
  const { apiVersion, kind } = document as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const name = `${String(apiVersion)} ${String(kind)}`;
  const schema = schemaOf(name);
  if (schema === undefined) {
    return [
      {
        path: 'kind',
        message: `got ${show(name)}, expected a kind whose schema is known: ${suggestion(name, knownKinds)}`,
      },
    ];
  }
  const found = schemaProblems(schema, document);
  if (found.length > 0) return found;
  return [...sizeProblems(document), ...(BEYOND[String(kind)]?.(document) ?? [])];
}
