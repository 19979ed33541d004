import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import { generate, RULES } from '../support/generate.ts';
import { promtool } from '../../bench/process/prometheus.ts';

const CONFIGURATIONS: Readonly<Record<string, object>> = {
  defaults: {},
  'no cluster label': { cluster: { label: null } },
  'another cluster label': { cluster: { label: 'k8s_cluster', name: 'a "quoted" name' } },
  'provider IDs only': { zones: { from: ['provider-id'] } },
  'another node label': { zones: { from: ['node-label'], nodeLabel: 'example.com/failure-zone' } },
  'a long window': {
    scrape: { interval: '1m' },
    rules: { interval: '2m', window: '1h30m', infoLookback: '2h', labels: { team: 'network', note: '50% "sure"' } },
  },
  'changed alerts': {
    alerts: {
      PPSAllowanceExceeded: {
        threshold: 0.5,
        for: '0s',
        keepFiringFor: '0s',
        escalation: { threshold: 1e21, for: '1d' },
      },
      BWINAllowanceExceeded: { escalation: false },
      ConntrackAllowanceLow: { threshold: 1e-9, severity: 'critical' },
      LinkLocalAllowanceExceeded: false,
    },
  },
  'the client side': { flows: { select: 'client-side' } },
  'the compatibility records and their selection': {
    flows: { select: 'compatibility' },
    rules: { compatibilityRecords: true },
  },
  'the compatibility records, without a cluster label': {
    cluster: { label: null },
    rules: { compatibilityRecords: true },
  },
  Cilium: { flows: { source: 'cilium-hubble' }, cilium: { ipam: 'eni', endpointSlices: true, expectedDrops: [] } },
  'Cilium without a cluster label': { cluster: { label: null }, cilium: { health: 'always', ipam: 'eni' } },
  'traffic only': { ethtool: { exporter: 'none' } },
  'allowances only': { flows: { source: 'none' }, ethtool: { device: 'ens[0-9]+|bond\\d' } },
  'links elsewhere': {
    grafana: { url: 'https://grafana.example.com/base/' },
    rules: { runbookBaseUrl: "https://example.com/?page='runbooks'&x=#" },
  },
};

interface RuleFile {
  readonly name: string;
  readonly text: string;
}

/** Every rule file of a configuration: the plain ones, and what the values of kube-prometheus-stack carry. */
function ruleFiles(given: object): RuleFile[] {
  const generated = generate(given);
  const plain = generated.artifacts
    .filter(({ kind }) => kind === 'rules')
    .map(({ path, text }) => ({ name: path, text }));
  const values = load(generated.file('helm-values/kube-prometheus-stack.yaml')) as {
    additionalPrometheusRulesMap: Record<string, object>;
  };
  const carried = Object.entries(values.additionalPrometheusRulesMap);
  return [...plain, ...carried.map(([name, rules]) => ({ name: `${name}.yaml`, text: dump(rules) }))];
}

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azimuth-check-rules-'));
});
afterAll(async () => rm(dir, { recursive: true, force: true }));

/** What promtool says about rule files; mistakes that it only warns of count too. */
async function check(files: readonly RuleFile[]) {
  const names = files.map(({ name }) => name.replaceAll('/', '_'));
  await Promise.all(files.map(async ({ text }, index) => writeFile(join(dir, names[index] ?? ''), text)));
  return promtool(['check', 'rules', '--lint=all', '--lint-fatal', ...names], { cwd: dir });
}

describe('promtool check rules', () => {
  test.each(Object.entries(CONFIGURATIONS))('accepts every rule file: %s', async (_, given) => {
    const { code, stdout, stderr } = await check(ruleFiles(given));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const found = [...stdout.matchAll(/Checking (\S+)\s+SUCCESS: (\d+) rules found/g)].map(([, name, count]) => [
      name,
      Number(count),
    ]);
    const expected = generate(given).bundle.ruleFiles.flatMap(({ name, groups }) => {
      const count = groups.flatMap(({ rules }) => rules).length;
      return [
        [`rules_prometheus_${name}.rules.yaml`, count],
        [`azimuth-${name}.yaml`, count],
      ];
    });
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test.each([
    { mistake: 'a function that does not exist', made: (text: string) => text.replace('rate(', 'raet(') },
    { mistake: 'a broken template', made: (text: string) => text.replace('{{ end }}', '{{ ned }}') },
    { mistake: 'a duplicate', made: (text: string) => text.replaceAll('severity: critical', 'severity: warning') },
  ])('would refuse $mistake', async ({ made }) => {
    const text = generate().file(RULES.allowances);
    const files = [text, made(text)].map((each, index) => ({ name: `${index}.yaml`, text: each }));
    const codes = await Promise.all(files.map(async (file) => (await check([file])).code > 0));
    expect(codes).toEqual([false, true]);
  });
});
