import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { defaultsOf, namedSchema } from '../../../generators/config/schema.ts';
import { completeConfig, loadConfig } from '../../../generators/index.ts';
import { catalogue } from '../../support/generate.ts';
import { complaintsOfYaml } from '../../support/problems.ts';

const load = (text: string) => loadConfig('azimuth.yaml', text, catalogue);
const complete = (given: object) => completeConfig('azimuth.ts', given, catalogue);
const defaults = load('');

describe('a configuration that says nothing', () => {
  test('is all defaults', () => {
    expect(defaults).toEqual(defaultsOf(namedSchema(catalogue)));
    expect(complete({})).toEqual(defaults);
    expect(defaults).toMatchObject({
      cluster: { label: 'cluster', name: 'production' },
      rules: { interval: '1m', window: '5m', infoLookback: '10m', labels: {} },
      retina: { version: 'v1.2.6', resources: { cpu: '500m', memory: '500Mi' } },
      targets: ['prometheus', 'kube-prometheus-stack', 'helm-values', 'manifests', 'grafana'],
      alerts: {},
      dashboards: {},
    });
  });

  test.each([
    ['spaces and line breaks', ' \n\n\t\n'],
    ['comments only', '# nothing\n  # here\n'],
    ['a comment without a line break', '# nothing'],
    ['a byte order mark', '\uFEFF'],
    ['a byte order mark and a comment', '\uFEFF# nothing\n'],
    ['Windows line ends', '# nothing\r\n\r\n'],
    ['a document start', '---\n'],
    ['a document start and a comment', '--- # nothing\n'],
    ['an empty mapping', '{}'],
    ['null', '~\n'],
    [
      'empty sections',
      'cluster:\nrules:\n  # window: 10m\nretina:\n  resources:\ntargets:\nkeep:\nalerts:\ndashboards:\n',
    ],
    ['an empty section inside a section', 'rules: { labels: }'],
  ])('may hold %s', (_name, text) => {
    expect(load(text)).toEqual(defaults);
  });

  test('is what azimuth.yaml says, but for what that asks for: bytes, money and the compatibility records', async () => {
    expect(load(await readFile('azimuth.yaml', 'utf8'))).toEqual({
      ...defaults,
      rules: { ...defaults.rules, compatibilityRecords: true },
      flows: { ...defaults.flows, source: ['retina-hubble', 'obi'] },
      cloud: { ...defaults.cloud, region: 'eu-west-1' },
      cost: { budgetPerMonth: 400, groupBy: ['team'] },
    });
    expect(defaults.rules.compatibilityRecords).toBe(false);
  });
});

describe('a configuration that says something', () => {
  test('merges objects over the defaults at every depth', () => {
    expect(complete({ retina: { resources: { memory: '1Gi' } }, cluster: { name: 'blue' } })).toEqual({
      ...defaults,
      cluster: { ...defaults.cluster, name: 'blue' },
      retina: { ...defaults.retina, resources: { cpu: '500m', memory: '1Gi' } },
    });
  });

  test('replaces arrays', () => {
    const { targets, zones } = complete({ targets: ['grafana'], zones: { from: ['provider-id'] } });
    expect(targets).toEqual(['grafana']);
    expect(zones.from).toEqual(['provider-id']);
  });

  test('means the same behind a byte order mark and with Windows line ends', () => {
    const text = '# first\ncluster:\n  # second\n  name: blue\nrules: { window: 10m }\n';
    expect(load(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(load(text));
  });

  test('keeps an explicit null where null means something', () => {
    expect(load('cluster: { label: null }').cluster.label).toBeNull();
  });

  test('may not leave a setting without a value', () => {
    expect(complaintsOfYaml('rules:\n  window:\n')).toEqual([
      'rules.window: got null, expected a duration such as 30s or 5m',
    ]);
  });

  test('is not changed, nor shared with the result', () => {
    const given = { rules: { labels: { team: 'net' } }, zones: { from: ['provider-id'] }, alerts: {} };
    const before = structuredClone(given);
    const first = complete(given);
    expect(given).toEqual(before);
    expect(first.rules.labels).not.toBe(given.rules.labels);
    expect(first.zones.from).not.toBe(given.zones.from);
  });

  test('may be frozen', () => {
    const frozen = Object.freeze({
      cluster: Object.freeze({ name: 'blue' }),
      keep: Object.freeze(['dashboards/a.json']),
    });
    expect(complete(frozen)).toEqual({
      ...defaults,
      cluster: { ...defaults.cluster, name: 'blue' },
      keep: frozen.keep,
    });
  });

  test('gives a fresh object each time', () => {
    const [one, other] = [complete({}), complete({})];
    expect(one).not.toBe(other);
    expect(one.targets).not.toBe(other.targets);
    expect(one.alerts).not.toBe(other.alerts);
  });
});

// A regular expression over the whole text could try every way to split its line ends.
test('a long head of comments with Windows line ends is read at once', () => {
  const started = performance.now();
  load(`${'# comment\r\n'.repeat(27)}cluster: { name: blue }\r\n`);
  expect(performance.now() - started).toBeLessThan(1_000);
});
