import { type Problem, show } from '../schema/problems.ts';
import type { HelmValues } from '../model/bundle.ts';
import { plain } from '../model/tree.ts';
import { valueAt } from '../settings/section.ts';

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)])
    : [];
}

/** An action that holds two braces as text, and is nothing else. */
const ESCAPED = '{{`{{`}}';

/** Values in which Helm would run something, or whose escape nobody would take back. */
export function templateProblems({ chart, values, templated = [] }: HelmValues): readonly Problem[] {
  if (templated.length === 0) return [];
  const data = plain(values);
  return templated.flatMap((path) =>
    textsIn(valueAt(data, path))
      .filter((text) => text.replaceAll(ESCAPED, '').includes('{{'))
      .map((text) => ({
        path: `helm-values/${chart}.yaml ${path.join('.')}`,
        message: `got ${show(text)}, expected braces to be escaped: the chart passes this through its template engine`,
      })),
  );
}
