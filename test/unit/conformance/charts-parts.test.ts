import { describe, expect, test } from '@jest/globals';
import { chartCases } from '../../../conformance/charts/cases-tools.ts';
import { changesOf } from '../../../conformance/charts/changes.ts';
import { installOf, pullArguments, templateArguments } from '../../../conformance/charts/command.ts';
import { EXCEPTIONS, exceptionFor } from '../../../conformance/charts/exceptions.ts';
import { valuesFilesOf } from '../../../conformance/charts/files.ts';
import { fingerprint, volatileKeys } from '../../../conformance/charts/render.ts';
import { seen, tokensOf } from '../../../conformance/charts/tokens.ts';
import { leavesOf, shown } from '../../../conformance/shared/tree.ts';
import { generate } from '../../support/generate.ts';

describe('the command at the top of a values file', () => {
  test('is read as it stands, and goes on to helm', () => {
    const about =
      'What it is.\nhelm upgrade --install mine chart --repo https://example.com/charts --version 1.2.3 --namespace ours --create-namespace --values a.yaml\nMore.';
    const install = installOf(about, '9.9.9');
    expect(install).toEqual({
      release: 'mine',
      chart: 'chart',
      repository: 'https://example.com/charts',
      version: '1.2.3',
      namespace: 'ours',
    });
    expect(pullArguments(install, '/into').join(' ')).toBe(
      'pull chart --repo https://example.com/charts --version 1.2.3 --destination /into',
    );
    expect(templateArguments(install, '/chart.tgz', '/values', '1.33').join(' ')).toBe(
      'template mine /chart.tgz --namespace ours --kube-version 1.33.0 --api-versions monitoring.coreos.com/v1 --values /values',
    );
  });

  test('may name an OCI reference, or leave the version to what runs', () => {
    const oci = installOf('helm upgrade --install r oci://example.com/a/b --version v1 --namespace n --values f', '');
    expect(oci).toMatchObject({ chart: 'b', repository: 'oci://example.com/a', version: 'v1' });
    expect(pullArguments(oci, '/into')).toEqual([
      'pull',
      'oci://example.com/a/b',
      '--version',
      'v1',
      '--destination',
      '/into',
    ]);
    const runs = installOf('helm upgrade r c --repo u --version VERSION --namespace n --reuse-values', '1.19.5');
    expect(runs).toMatchObject({ release: 'r', chart: 'c', version: '1.19.5' });
  });

  test.each([
    ['no command', 'nothing', /no line begins with/],
    ['no version', 'helm upgrade r c --repo u --namespace n', /has no --version/],
    ['no namespace', 'helm upgrade r c --repo u --version 1', /has no --namespace/],
    ['no repository', 'helm upgrade r c --version 1 --namespace n', /has no --repo/],
    ['a value that is an option', 'helm upgrade r c --repo --version 1 --namespace n', /has no --repo/],
    ['no chart', 'helm upgrade r --repo u --version 1 --namespace n', /expected a release and a chart/],
  ])('is refused with %s', (_name, about, message) => {
    expect(() => installOf(about, '')).toThrow(message);
  });

  test('names version and namespace of the configuration', () => {
    const built = generate({
      descheduler: { enabled: true, version: '0.33.0', namespace: 'other' },
      retina: { version: 'v1.2.3' },
    });
    const found = valuesFilesOf(built).map(({ install }) => `${install.chart} ${install.version} ${install.namespace}`);
    expect(found).toContain('descheduler 0.33.0 other');
    expect(found).toContain('retina-hubble v1.2.3 kube-system');
  });
});

describe('differences between renders', () => {
  test('of the same values are what is made up each time', () => {
    const volatile = volatileKeys('a: 1\n  ca.crt: one\nb: 2', 'a: 1\n  ca.crt: two\nb: 2');
    expect([...volatile]).toEqual(['  ca.crt']);
    expect(fingerprint('a: 1\n  ca.crt: x', volatile)).toBe(fingerprint('a: 1\n  ca.crt: y', volatile));
    expect(fingerprint('a: 1\nca.crt: x', volatile)).not.toBe(fingerprint('a: 1\nca.crt: y', volatile));
    expect(fingerprint('a: 1', new Set())).not.toBe(fingerprint('a: 2', new Set()));
  });

  test('are refused where they are more than values', () => {
    expect(() => volatileKeys('a: 1', 'a: 1\nb: 2')).toThrow('different lengths');
    expect(() => volatileKeys('a: 1\nb: 1', 'a: 2\nc: 1')).toThrow('different keys');
  });
});

describe('words in place of texts', () => {
  const chart = 'kube-prometheus-stack';
  const jobs = [{ job_name: 'one', honor_labels: true }];
  const values = { prometheus: { prometheusSpec: { additionalScrapeConfigs: jobs } }, grafana: { name: 'kept' } };

  test('stand in the verbatim parts only', () => {
    const tokens = tokensOf(chart, values);
    expect(tokens?.leaves.map(({ path }) => shown(path))).toEqual([
      'prometheus.prometheusSpec.additionalScrapeConfigs[0].job_name',
    ]);
    expect(tokens?.values).toMatchObject({ grafana: { name: 'kept' } });
    expect(tokensOf('another', values)).toBeUndefined();
  });

  test('are seen where they come out, in Secrets too, and nowhere else', () => {
    const tokens = tokensOf(chart, values);
    if (tokens === undefined) throw new Error('no words');
    const out = JSON.stringify(tokens.values);
    const secret = `data:\n  jobs.yaml: "${Buffer.from(`- job_name: ${out}`).toString('base64')}"\n`;
    expect(seen(tokens, out).size).toBe(1);
    expect(seen(tokens, secret).size).toBe(1);
    expect(seen(tokens, JSON.stringify(values)).size).toBe(0);
  });
});

test('changes of a value are of its type, and other values', () => {
  for (const value of [
    true,
    false,
    0,
    1,
    9965,
    0.0025,
    '50m',
    '512Mi',
    '30s',
    'vxlan',
    'low',
    'text',
    '',
    null,
    [],
    {},
  ]) {
    const changes = changesOf(value);
    expect(changes.length).toBeGreaterThan(0);
    for (const change of changes) {
      expect(change).not.toEqual(value);
    }
    const types = changes.map((change) => typeof change);
    expect(value === null ? [] : types.filter((type) => type !== typeof value)).toEqual([]);
  }
  expect(changesOf('50m')[0]).toBe('51m');
});

describe('exceptions', () => {
  const exception = { chart: 'c', versions: ['1'], path: ['a', '*', 'b'], value: 'x', reason: 'because' };

  test('hold for their chart, version, path and value', () => {
    const found = (chart: string, version: string, value: unknown, ...path: (string | number)[]) =>
      exceptionFor({ chart, version }, { path, value }, [exception]);
    expect(found('c', '1', 'x', 'a', 0, 'b')).toBe(exception);
    expect(found('d', '1', 'x', 'a', 0, 'b')).toBeUndefined();
    expect(found('c', '2', 'x', 'a', 0, 'b')).toBeUndefined();
    expect(found('c', '1', 'y', 'a', 0, 'b')).toBeUndefined();
    expect(found('c', '1', 'x', 'a', 0, 'b', 'deeper')).toBeUndefined();
    expect(found('c', '1', 'x', 'a', 0, 'other')).toBeUndefined();
  });

  test('are about leaves that are written, and give a reason', () => {
    const special = chartCases.filter(({ name }) => name === 'cilium, eni');
    const files = [generate(), ...special.map(({ given }) => generate(given))].flatMap(valuesFilesOf);
    const idle = EXCEPTIONS.filter(
      (one) =>
        !files.some(({ install, values }) => leavesOf(values).some((leaf) => exceptionFor(install, leaf) === one)),
    );
    expect(idle).toEqual([]);
    for (const { reason } of EXCEPTIONS) expect(reason).toMatch(/\w \w.*\.$/);
  });
});
