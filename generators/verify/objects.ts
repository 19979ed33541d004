import type { Kind, Kinds } from '../schema/kinds.ts';
import type { Schema } from '../schema/objects.ts';
import { type Problem, show, suggestion } from '../schema/problems.ts';
import { schemaProblems } from '../schema/validator.ts';

/** Schemas that were made; making one again would compile it again. */
const schemas = new WeakMap<Kind, Schema>();

function schemaOf(kind: Kind): Schema {
  const schema = schemas.get(kind) ?? kind.schema();
  schemas.set(kind, schema);
  return schema;
}

/** What is wrong with a document: the semantic checks run where the schema found nothing. */
export function checked(schema: Schema, check: Kind['check'], document: unknown): readonly Problem[] {
  const found = schemaProblems(schema, document);
  return found.length > 0 ? found : (check?.(document as object) ?? []);
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a cluster would refuse or ignore about a Kubernetes object: unknown kinds, misspelt keys, names, inner documents. */
export function objectProblems(document: unknown, kinds: Kinds): readonly Problem[] {
  if (!isObject(document)) return [{ path: '', message: `got ${show(document)}, expected a Kubernetes object` }];
  const { apiVersion, kind } = document as { readonly apiVersion?: unknown; readonly kind?: unknown };
  const name = `${String(apiVersion)} ${String(kind)}`;
  const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (known !== undefined) return checked(schemaOf(known), known.check, document);
  const expected = `a kind whose schema is known: ${suggestion(name, Object.keys(kinds))}`;
  return [{ path: 'kind', message: `got ${show(name)}, expected ${expected}` }];
}
