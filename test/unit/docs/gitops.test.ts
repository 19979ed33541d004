import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { argoMatches, argoSelects } from '../../support/argo-glob.ts';
import { EVERY_SOURCE } from '../../support/everything.ts';
import { catalogue, generate } from '../../support/generate.ts';
import { at, textAt, yamlDocuments, type Document } from '../../support/guide.ts';
import { build, completeConfig } from '../../../generators/index.ts';

const documents = yamlDocuments(readFileSync('docs/gitops.md', 'utf8'));

const pathsOf = (given: object): string[] => generate(given).artifacts.map(({ path }) => path);
/** What the repository's own configuration writes. */
const byDefault = generate(load(readFileSync('azimuth.yaml', 'utf8')) as object);
const DASHBOARDS = byDefault.bundle.dashboards.length;
const defaults = byDefault.artifacts.map(({ path }) => path);

/** The guide's documents of a kind, of one API group where several have that kind. */
const ofKind = (kind: string, group = ''): Document[] =>
  documents.filter((document) => document['kind'] === kind && String(document['apiVersion']).startsWith(group));

/** The document of a kind with this name. @throws TypeError when the guide has none. */
function named(kind: string, name: string): Document {
  const found = ofKind(kind).find((document) => at(document, 'metadata', 'name') === name);
  if (found === undefined) throw new TypeError(`the guide has no ${kind} ${name}`);
  return found;
}

const listAt = (from: unknown, ...keys: readonly string[]): unknown[] =>
  (at(from, ...keys) as unknown[] | undefined) ?? [];

describe('Argo CD in docs/gitops.md', () => {
  test('values files are those that the repository writes, of a source that is there', () => {
    const files = ofKind('Application').flatMap((application) => {
      const sources = listAt(application, 'spec', 'sources');
      const refs = sources.flatMap((source) => at(source, 'ref') ?? []);
      return sources.flatMap((source) =>
        listAt(source, 'helm', 'valueFiles').map((file) => ({ file: String(file), refs })),
      );
    });
    expect(files).toHaveLength(3);
    for (const { file, refs } of files) {
      const [, ref, path = ''] = /^\$(\w+)\/(.+)$/.exec(file) ?? [];
      expect(refs).toContain(ref);
      expect(defaults).toContain(path);
    }
  });

  test('the patterns select every object that is applied, and nothing else, whatever is configured', () => {
    const directory = at(named('Application', 'azimuth'), 'spec', 'source', 'directory');
    const patterns = { include: textAt(directory, 'include'), exclude: textAt(directory, 'exclude') };
    expect(at(directory, 'recurse')).toBe(true);
    const beside = ['package.json', 'azimuth.yaml', 'azimuth.schema.json', 'deploy/flux/releases.yaml', 'docs/a.json'];
    const operator = { targets: ['prometheus-operator', 'manifests'] };
    for (const given of [...EVERY_SOURCE, operator]) {
      const paths = pathsOf(given);
      const meant = paths.filter(
        (path) =>
          /^(manifests|rules\/(amp|prometheus-operator)|dashboards\/(configmaps|grafana-operator))\//.test(path) &&
          !/^manifests\/(routing|kube-burner)\//.test(path),
      );
      expect(argoSelects(patterns, [...paths, ...beside]).toSorted()).toEqual(meant.toSorted());
      expect(meant.some((path) => /^(manifests\/monitors|rules\/prometheus-operator)\//.test(path))).toBe(true);
    }
  });

  test('the targets that it asks for write ConfigMaps to apply, and no rules beside those of the chart', () => {
    const given = documents.find((document) => 'targets' in document && !('kind' in document));
    const paths = build(completeConfig('docs/gitops.md', { ...given }, catalogue), catalogue, []).artifacts.map(
      ({ path }) => path,
    );
    expect(paths.filter((path) => path.startsWith('dashboards/configmaps/'))).toHaveLength(
      generate().bundle.dashboards.length,
    );
    expect(paths.filter((path) => path.startsWith('rules/'))).toEqual([]);
  });

  test('the matcher is as Argo CD is: a star crosses folders, alternatives are whole', () => {
    expect(argoMatches('manifests/*.yaml', 'manifests/monitors/a.yaml')).toBe(true);
    expect(argoMatches('manifests/*.yaml', 'manifests/a.json')).toBe(false);
    expect(argoMatches('{a/*,b/*.yaml}', 'b/c/d.yaml')).toBe(true);
    expect(argoMatches('{a/*,b/*.yaml}', 'c/a/d')).toBe(false);
    expect(() => argoMatches('{a', 'a')).toThrow(RangeError);
    expect(() => argoMatches('a?', 'ab')).toThrow(RangeError);
  });
});

describe('Flux in docs/gitops.md', () => {
  const folder = textAt(ofKind('Kustomization', 'kustomize.toolkit')[0], 'spec', 'path');
  const kustomization = ofKind('Kustomization', 'kustomize.config')[0];
  const maps = listAt(kustomization, 'configMapGenerator');
  const fileOf = (map: unknown): string[] =>
    listAt(map, 'files').map((file) => posix.normalize(posix.join(folder, String(file).replace(/^[^=]+=/, ''))));

  test('every file of the kustomization is written: every chart and every dashboard', () => {
    const files = maps.flatMap(fileOf);
    expect(files.toSorted()).toEqual(defaults.filter((path) => /^(helm-values|dashboards)\//.test(path)).toSorted());
    expect(listAt(kustomization, 'resources')).toEqual(['releases.yaml']);
    expect(at(kustomization, 'generatorOptions', 'disableNameSuffixHash')).toBe(true);
  });

  test('each release reads the values of its chart, from a watched ConfigMap in its namespace', () => {
    const releases = ofKind('HelmRelease');
    expect(releases).toHaveLength(3);
    for (const release of releases) {
      const [reference] = listAt(release, 'spec', 'valuesFrom');
      const map = maps.find((each) => at(each, 'name') === at(reference, 'name'));
      expect(at(map, 'namespace')).toBe(at(release, 'metadata', 'namespace'));
      expect(at(map, 'options', 'labels', 'reconcile.fluxcd.io/watch')).toBe('Enabled');
      expect(String(listAt(map, 'files')[0])).toMatch(/^values\.yaml=/); // the key that valuesFrom reads unless told otherwise
      const oci = at(release, 'spec', 'chartRef');
      const chart =
        oci === undefined
          ? textAt(release, 'spec', 'chart', 'spec', 'chart')
          : posix.basename(textAt(named('OCIRepository', textAt(oci, 'name')), 'spec', 'url'));
      expect(fileOf(map)).toEqual([`helm-values/${chart}.yaml`]);
    }
  });

  test('dashboards are ConfigMaps that the sidecar of the generated values looks for', () => {
    const dashboards = maps.filter((map) => fileOf(map).some((path) => path.startsWith('dashboards/')));
    const { label, labelValue } = at(
      yamlDocuments(`\`\`\`yaml\n${byDefault.file('helm-values/kube-prometheus-stack.yaml')}\`\`\`\n`)[0],
      'grafana',
      'sidecar',
      'dashboards',
    ) as { readonly label: string; readonly labelValue: string };
    expect(dashboards).toHaveLength(DASHBOARDS);
    for (const map of dashboards) expect(at(map, 'options', 'labels')).toEqual({ [label]: labelValue });
  });
});

test('charts have one version throughout: that of the values', () => {
  const [retina] = listAt(named('Application', 'retina'), 'spec', 'sources');
  expect(at(retina, 'targetRevision')).toBe(byDefault.config.retina.version);
  expect(at(named('OCIRepository', 'retina'), 'spec', 'ref', 'tag')).toBe(byDefault.config.retina.version);
  const [, rendered] = /Rendered with ([\d.]+\d)/.exec(byDefault.file('helm-values/kube-prometheus-stack.yaml')) ?? [];
  const [stack] = listAt(named('Application', 'kube-prometheus-stack'), 'spec', 'sources');
  expect(at(stack, 'targetRevision')).toBe(rendered);
  expect(at(named('HelmRelease', 'kube-prometheus-stack'), 'spec', 'chart', 'spec', 'version')).toBe(rendered);
});
