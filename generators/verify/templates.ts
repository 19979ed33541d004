import { show, type Problem } from '../schema/problems.ts';
import type { HelmValues } from '../model/bundle.ts';
import { plain } from '../model/tree.ts';

/** Values that a chart passes through its template engine. Upstream: kube-prometheus-stack, templates/prometheus, `tpl`. */
const TEMPLATED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kube-prometheus-stack': [['prometheus', 'prometheusSpec', 'additionalScrapeConfigs']],
};

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null ? (inside as Readonly<Record<string, unknown>>)[key] : undefined,
    value,
  );

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)])
    : [];
}

/** An action that holds two braces as text, and is nothing else. */
const ESCAPED = '{{`{{`}}';

/** Values in which Helm would run something, or whose escape nobody would take back. */
export const templateProblems = ({ chart, values }: HelmValues): readonly Problem[] => {
  const data = plain(values);
  return (TEMPLATED[chart] ?? []).flatMap((path) =>
    textsIn(at(data, path))
      .filter((text) => text.replaceAll(ESCAPED, '').includes('{{'))
      .map((text) => ({
        path: `helm-values/${chart}.yaml ${path.join('.')}`,
        message: `got ${show(text)}, expected braces to be escaped: the chart passes this through its template engine`,
      })),
  );
};

/** What kube-burner fills in; anything else in braces would be empty, or stop the profile. */
const FILLED: Readonly<Record<string, RegExp>> = {
  query: /\{\{\.elapsed\}\}/g,
  // Whole minutes: a job of less than one has none, and its query would be refused.
  expr: /(?!)/g,
  description: /\{\{\$(value|labels\.[a-zA-Z_][a-zA-Z0-9_]*)\}\}/g,
};

/** Actions in a profile of kube-burner that mean nothing to it. */
export const profileProblems = (profile: readonly Readonly<Record<string, unknown>>[]): readonly Problem[] =>
  profile.flatMap((entry, index) =>
    Object.entries(FILLED).flatMap(([key, known]) => {
      const text = entry[key];
      return typeof text === 'string' && text.replaceAll(known, '').includes('{{')
        ? [
            {
              path: `${index}.${key}`,
              message: `got ${show(text)}, expected no braces but those that kube-burner fills in`,
            },
          ]
        : [];
    }),
  );
