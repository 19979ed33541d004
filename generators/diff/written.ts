import type { WrittenGroup } from '../outputs/rule-groups.ts';
import { readYaml } from '../schema/yaml.ts';
import { isMapping } from '../settings/section.ts';
import { type Fact, type Facts, numbered } from './facts.ts';

/** A file and its text. */
export interface Written {
  readonly path: string;
  readonly text: string;
}

/** The documents of a file; none where it cannot be read. */
function documentsOf({ path, text }: Written): readonly unknown[] {
  if (path.endsWith('.json')) {
    try {
      return [JSON.parse(text)];
    } catch {
      return [];
    }
  }
  const { documents, problems } = readYaml(text);
  return problems.length > 0 ? [] : documents().data;
}

/** The groups of a plain rule file or of a PrometheusRule object. */
function groupsOf(document: unknown): readonly WrittenGroup[] {
  if (!isMapping(document)) return [];
  const { groups, spec } = document;
  const found = groups ?? (isMapping(spec) ? spec['groups'] : undefined);
  return Array.isArray(found) ? (found as readonly WrittenGroup[]) : [];
}

/** Versions count builds: they say nothing of what changed. */
const COUNTED: ReadonlySet<string> = new Set(['version', 'azimuth-version']);

/** A document without what differs in every build. */
const content = (document: unknown): unknown =>
  isMapping(document) ? Object.fromEntries(Object.entries(document).filter(([key]) => !COUNTED.has(key))) : document;

const ruleFacts = (path: string, groups: readonly WrittenGroup[]) =>
  groups.flatMap(({ interval = '', rules }) =>
    rules.map(
      ({ record, alert = '', expr, labels = {}, annotations = {}, ...rule }): readonly [boolean, string, Fact] => {
        if (record !== undefined) return [true, `${path}: ${record}`, { expr, interval, labels }];
        const { severity = 'no severity', ...others } = labels;
        const times = { for: rule.for ?? '0s', keepFiringFor: rule.keep_firing_for ?? '0s' };
        return [false, `${path}: ${alert} (${severity})`, { expr, ...times, interval, labels: others, annotations }];
      },
    ),
  );

/**
 * What is compared of files as they were written, by whatever version: rules by rule, everything else by value. Of a record, only what its file says is
 * known.
 */
export function writtenFacts(files: readonly Written[]): Facts {
  const read = files.map((file) => ({ path: file.path, documents: documentsOf(file) }));
  const rules = read.flatMap(({ path, documents }) => ruleFacts(path, documents.flatMap(groupsOf)));
  const others = read.flatMap(({ path, documents }) =>
    documents
      .filter((document) => groupsOf(document).length === 0)
      .map((document): readonly [string, Fact] => [path, { '': content(document) }]),
  );
  const none = new Map<string, Fact>();
  return {
    alerts: numbered(rules.flatMap(([isRecord, name, fact]) => (isRecord ? [] : [[name, fact] as const]))),
    records: numbered(
      rules.flatMap(([isRecord, name, { labels: _labels, ...fact }]) => (isRecord ? [[name, fact] as const] : [])),
    ),
    dashboards: none,
    variables: none,
    panels: none,
    values: numbered(others),
    manifests: none,
    files: new Map(files.map(({ path }) => [path, {}])),
  };
}
