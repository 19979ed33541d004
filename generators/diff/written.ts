import type { WrittenGroup } from '../outputs/rule-groups.ts';
import { readYaml } from '../schema/yaml.ts';
import { isMapping } from '../settings/section.ts';
import { type Fact, type Facts, type NamedFact, sectionsOf } from './fact.ts';
import { isDashboard, plainDashboardFacts, plainRuleFacts } from './plain.ts';

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

/** A document without what differs in every build; JSON inside of it, as ConfigMaps hold it, as data. */
function content(document: unknown): unknown {
  if (typeof document === 'string' && document.startsWith('{')) {
    try {
      return content(JSON.parse(document));
    } catch {
      return document;
    }
  }
  if (Array.isArray(document)) return document.map(content);
  if (!isMapping(document)) return document;
  const kept = Object.entries(document).filter(([key]) => !COUNTED.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, content(value)]));
}

/** The facts of one document of a file. */
function documentFacts(path: string, document: unknown): readonly NamedFact[] {
  const groups = groupsOf(document);
  if (groups.length > 0) return plainRuleFacts(groups, `${path}: `);
  return isDashboard(document)
    ? plainDashboardFacts(document, `${path}: `)
    : [['values', path, { '': content(document) }]];
}

/** How an object in Kubernetes is packaged: everything but what it carries. */
export function packaging(text: string): Fact {
  const [document] = documentsOf({ path: text.trimStart().startsWith('{') ? '.json' : '', text });
  if (!isMapping(document)) return {};
  const { apiVersion, kind, metadata, spec } = document;
  const carried = new Set(['groups', 'configuration', 'json', 'data', 'panels', 'definition']);
  const settings =
    isMapping(spec) && apiVersion !== undefined ? Object.entries(spec).filter(([key]) => !carried.has(key)) : [];
  // A resource of Grafana holds the dashboard as its spec.
  const isResource = isMapping(spec) && ['title', 'templating', 'elements'].some((key) => key in spec);
  return { apiVersion, kind, metadata: content(metadata), ...(!isResource && { spec: Object.fromEntries(settings) }) };
}

/**
 * What is compared of files as they were written, by whatever version: rules and dashboards by name, everything else by value. Of a record, only what
 * its file says is known.
 */
export const writtenFacts = (files: readonly Written[]): Facts =>
  sectionsOf(
    files.flatMap((file): readonly NamedFact[] => [
      ...documentsOf(file).flatMap((document) => documentFacts(file.path, document)),
      ['files', file.path, {}],
    ]),
  );
