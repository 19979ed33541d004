import type { Kinds } from '../../schema/kinds.ts';
import { IN_NAMESPACE, mapOf, object, TEXT } from '../../schema/objects.ts';
import type { Problem } from '../../schema/problems.ts';
import { CLASSIC_DASHBOARD } from '../grafana/index.ts';
import { innerJson } from '../inner-document.ts';

/** Files that the dashboards sidecar reads. */
const innerDashboards = (document: object): readonly Problem[] =>
  Object.entries((document as { readonly data: Readonly<Record<string, string>> }).data)
    .filter(([name]) => name.endsWith('.json'))
    .flatMap(([name, text]) => innerJson(`data["${name}"]`, text, CLASSIC_DASHBOARD).problems);

/** Upstream: Kubernetes, api/openapi-spec; the fields that we write. */
export const kinds: Kinds = {
  'v1 ConfigMap': {
    schema: () =>
      object(IN_NAMESPACE, {
        data: {
          ...mapOf(TEXT, { type: 'string', maxLength: 253, pattern: '^[-._a-zA-Z0-9]+$', expected: 'a file name' }),
          minProperties: 1,
        },
      }),
    check: innerDashboards,
  },
};
