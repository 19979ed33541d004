import { describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { objectProblems } from '../../../generators/verify/index.ts';
import { EVERY_SOURCE } from '../../support/everything.ts';
import { generate } from '../../support/generate.ts';
import { KINDS } from '../../support/registry.ts';

type Json = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const kindOf = (document: Json): string => `${String(document['apiVersion'])} ${String(document['kind'])}`;

/** Every Kubernetes object among the artifacts, by its path. */
const generated: readonly (readonly [string, Json])[] = [...EVERY_SOURCE, { targets: ['prometheus-operator'] }].flatMap(
  (given) =>
    generate(given).artifacts.flatMap(({ path, text, document: form }): [string, Json][] => {
      const data = /\.ya?ml$/.test(path) ? load(text) : (JSON.parse(text) as unknown);
      // Templates of kube-burner are objects only once it has filled them in.
      return isMapping(data) && 'apiVersion' in data && form === 'object' ? [[path, data]] : [];
    }),
);

/** Nothing of ours makes one, but its schema is there for whoever does. */
const SERVICE_MONITOR = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'ServiceMonitor',
  metadata: { name: 'retina', namespace: 'monitoring', labels: { release: 'x' } },
  spec: {
    selector: { matchLabels: { 'k8s-app': 'networkobservability' } },
    namespaceSelector: { matchNames: ['kube-system'] },
    endpoints: [{ port: 'hubble', interval: '30s', relabelings: [{ targetLabel: 'cluster', replacement: 'c' }] }],
  },
};

const V1BETA1 = {
  apiVersion: 'dashboard.grafana.app/v1beta1',
  kind: 'Dashboard',
  metadata: { name: 'a', annotations: { 'grafana.app/folder': 'f' } },
  spec: { uid: 'a', title: 'A', schemaVersion: 42, panels: [] },
};

const documents = [...generated, ['by hand', SERVICE_MONITOR] as const, ['by hand', V1BETA1] as const];

/** One document of each kind and place. */
const distinct = [...new Map(documents.map(([path, document]) => [`${kindOf(document)} in ${path}`, document]))];

test('every kind has a document here', () => {
  expect([...new Set(documents.map(([, document]) => kindOf(document)))].toSorted()).toEqual(
    Object.keys(KINDS).toSorted(),
  );
});

test.each(distinct)('accepted: %s', (_name, document) => {
  expect(objectProblems(document, KINDS)).toEqual([]);
});

/** Mappings whose keys are the user's own. */
const FREE = new Set(['labels', 'matchLabels', 'annotations', 'data', 'nodeSelector', 'tags']);

/** Every copy of a value in which one key is misspelt, with its place. */
function misspelt(value: unknown, spell: (key: string) => string, path = ''): { path: string; mutant: unknown }[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      misspelt(item, spell, `${path}.${index}`).map(({ path: at, mutant }) => ({
        path: at,
        mutant: value.with(index, mutant),
      })),
    );
  }
  if (!isMapping(value)) return [];
  const entries = Object.entries(value);
  return entries.flatMap(([key, item], index) => {
    const at = `${path}.${key}`;
    const isFree = FREE.has(path.split('.').at(-1) ?? '');
    const own = isFree ? [] : [{ path: at, mutant: Object.fromEntries(entries.with(index, [spell(key), item])) }];
    const inner = misspelt(item, spell, at).map(({ path: place, mutant }) => ({
      path: place,
      mutant: Object.fromEntries(entries.with(index, [key, mutant])),
    }));
    return [...own, ...inner];
  });
}

/** The classic form of a dashboard has a schema of Grafana's own. */
const judged = (document: Json): unknown =>
  document['kind'] === 'Dashboard'
    ? { ...document, spec: { uid: 'a', title: 'A', schemaVersion: 42, panels: [] } }
    : document;

describe('one misspelt key is refused, whichever it is', () => {
  test.each(distinct)('%s', (_name, document) => {
    const mutants = [
      ...misspelt(judged(document), (key) => `${key}x`),
      ...misspelt(judged(document), (key) => key.slice(0, -1)),
    ];
    expect(mutants.length).toBeGreaterThan(8);
    expect(mutants.filter(({ mutant }) => objectProblems(mutant, KINDS).length === 0).map(({ path }) => path)).toEqual(
      [],
    );
  });
});

/** Documents inside documents are held to schemas too. */
describe('one misspelt key inside a text is refused', () => {
  const amp = (kind: string) => {
    const [, document] = generated.find(([, data]) => data['kind'] === kind) ?? [];
    if (document === undefined) throw new Error(`no ${kind}`);
    return document as Json & { spec: { configuration: string } };
  };
  const within = (document: Json & { spec: Json }, configuration: unknown) => ({
    ...document,
    spec: { ...document.spec, configuration: dump(configuration) },
  });

  test('of rules', () => {
    const document = amp('RuleGroupsNamespace');
    const mutants = misspelt(load(document.spec.configuration), (key) => `${key}x`);
    const survivors = mutants.filter(({ mutant }) => objectProblems(within(document, mutant), KINDS).length === 0);
    expect(survivors.map(({ path }) => path)).toEqual([]);
  });

  test("of Alertmanager's configuration", () => {
    const document = amp('AlertManagerDefinition');
    const outer = load(document.spec.configuration) as { alertmanager_config: string };
    const inner = misspelt(load(outer.alertmanager_config), (key) => `${key}x`);
    const mutants = inner.map(({ path, mutant }) => ({
      path,
      document: within(document, { alertmanager_config: dump(mutant) }),
    }));
    expect(mutants.length).toBeGreaterThan(20);
    expect(
      mutants.filter((mutant) => objectProblems(mutant.document, KINDS).length === 0).map(({ path }) => path),
    ).toEqual([]);
  });
});
