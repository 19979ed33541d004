import { type Problem, show, suggestion } from '../schema/problems.ts';
import { isMapping } from '../settings/section.ts';

/** Files of the user's own, as a configuration names them: paths and patterns. */
export interface ExtraPaths {
  readonly rules: readonly string[];
  readonly dashboards: readonly string[];
}

const KINDS = ['rules', 'dashboards'] as const;

const files = (what: string): Record<string, unknown> => ({
  type: 'array',
  items: { type: 'string', minLength: 1 },
  default: [],
  description: `${what}: paths from the folder of this file; * stands for any part of a name, ** for any folders.`,
});

/** The key `extra`, for editors. */
export const EXTRA_SCHEMA: Record<string, unknown> = {
  type: 'object',
  additionalProperties: false,
  description: 'Rules and dashboards of your own, which are written to all outputs like the others.',
  properties: {
    rules: files('Prometheus rule files'),
    dashboards: files("Dashboards in Grafana's classic JSON"),
  },
};

/** The files that `extra` names, or what is wrong with it. */
export function extraPaths(extra: unknown): { readonly paths: ExtraPaths; readonly problems: readonly Problem[] } {
  const none: ExtraPaths = { rules: [], dashboards: [] };
  if (extra === undefined || extra === null) return { paths: none, problems: [] };
  if (!isMapping(extra)) {
    const message = `got ${show(extra)}, expected a mapping such as { rules: [own/*.yaml] }`;
    return { paths: none, problems: [{ path: 'extra', message }] };
  }
  const unknown = Object.keys(extra).filter((key) => !KINDS.some((kind) => kind === key));
  const wrong = KINDS.filter((kind) => {
    const list = extra[kind] ?? [];
    return !Array.isArray(list) || list.some((path) => typeof path !== 'string' || path === '');
  });
  const problems = [
    ...unknown.map((key) => ({ path: `extra.${key}`, message: `unknown setting, ${suggestion(key, KINDS)}` })),
    ...wrong.map((kind) => ({
      path: `extra.${kind}`,
      message: `got ${show(extra[kind])}, expected a list of paths such as [own/*.yaml]`,
    })),
  ];
  const listOf = (kind: (typeof KINDS)[number]): readonly string[] =>
    problems.length > 0 ? [] : ((extra[kind] ?? []) as readonly string[]);
  return { paths: { rules: listOf('rules'), dashboards: listOf('dashboards') }, problems };
}
