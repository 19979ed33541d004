import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { isRecording } from '../../../../generators/model/rules.ts';
import { syntaxProblem } from '../../../../generators/promql/index.ts';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';

interface Metric {
  readonly query: string;
  readonly metricName: string;
  readonly instant?: boolean;
  readonly captureStart?: boolean;
}

interface Alert {
  readonly expr: string;
  readonly description: string;
  readonly severity: string;
}

const CONFIGURATIONS = {
  'by default': {},
  'without a cluster label': { cluster: { label: null } },
  'several units': { flows: { source: ['retina-hubble', 'obi'] } },
  'zones only': { flows: { granularity: 'zone' } },
  'a source without peers': { flows: { source: 'kubezonnet' } },
  'free traffic': { flows: { source: 'obi' }, cloud: { provider: 'azure' } },
  'another window': { rules: { window: '10m' } },
  'without flows': { flows: { source: 'none' } },
  'without allowances': { ethtool: { exporter: 'none' } },
  'the control plane only': { flows: { source: 'none' }, ethtool: { exporter: 'none' } },
  'without the control plane': { controlPlane: { enabled: false } },
  'a control plane of its own': { cloud: { provider: 'none' } },
};

const built = (given: object) => {
  const generated = generate({ ...given, kubeBurner: { enabled: true }, targets: ['manifests'] });
  return {
    metrics: load(generated.file('manifests/kube-burner/metrics.yaml')) as readonly Metric[],
    alerts: load(generated.file('manifests/kube-burner/alerts.yaml')) as readonly Alert[],
    rules: generated.bundle.ruleFiles.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)).filter(isRecording),
  };
};

/** The names of series in a query: words with a colon, which no function and no label has. */
const seriesIn = (query: string): readonly string[] => query.match(/[a-z][a-z0-9_]*(?::[a-z0-9_]+)+/g) ?? [];

describe.each(Object.entries(CONFIGURATIONS))('%s', (_name, given) => {
  const { metrics, alerts, rules } = built(given);
  const queries = [...metrics.map(({ query }) => query), ...alerts.map(({ expr }) => expr)];

  test('every query is PromQL once kube-burner has filled it in', () => {
    const filled = queries.map((query) => query.replaceAll('{{.elapsed}}', '120s'));
    expect(filled.flatMap((query) => syntaxProblem(query) ?? [])).toEqual([]);
  });

  test('every query reads series that are recorded, and nothing raw', () => {
    const recorded = new Set(rules.map(({ record }) => record));
    for (const query of queries) {
      expect([query, seriesIn(query).length]).toEqual([query, 1]);
      expect([query, seriesIn(query).filter((name) => !recorded.has(name))]).toEqual([query, []]);
    }
  });

  test('every label that a description names is there', () => {
    for (const { expr, description } of alerts) {
      const [series] = seriesIn(expr);
      const rule = rules.find(({ record }) => record === series);
      const kept = /^sum by \(([^)]*)\)/.exec(expr)?.[1]?.split(', ') ?? rule?.labels ?? [];
      const named = [...description.matchAll(/\$labels\.([a-z_]+)/g)].map(([, label]) => label);
      expect([description, named.filter((label) => label === undefined || !kept.includes(label))]).toEqual([
        description,
        [],
      ]);
    }
  });

  test('names are unique, as they distinguish the documents', () => {
    const names = metrics.map(({ metricName }) => metricName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z][a-zA-Z]+$/.test(name))).toBe(true);
  });

  test('only instant metrics are also captured at the start, as the others include their first value', () => {
    expect(metrics.filter(({ captureStart, instant }) => captureStart === true && instant !== true)).toEqual([]);
  });

  test('no alert aborts kube-burner', () => {
    expect(alerts.filter(({ severity }) => severity === 'critical')).toEqual([]);
  });
});

test('the metrics are those of the dashboard cluster-scale, as far as a control plane shows them', () => {
  const names = (given: object) => built(given).metrics.map(({ metricName }) => metricName);
  expect(names({})).toContain('apiServerLatency');
  expect(names({})).not.toContain('etcdFsync');
  expect(names({ cloud: { provider: 'none' } })).toContain('etcdFsync');
  expect(names({ controlPlane: { enabled: false } })).not.toContain('apiServerLatency');
});

test('there are none unless enabled', () => {
  expect(generate().artifacts.filter(({ path }) => path.includes('kube-burner'))).toEqual([]);
});

test('profiles that would query nothing are refused', () => {
  const nothing = { flows: { source: 'none' }, ethtool: { exporter: 'none' }, controlPlane: { enabled: false } };
  expect(complaints({ ...nothing, kubeBurner: { enabled: true } })).toEqual([
    'kubeBurner.enabled: got true, expected false, as flows.source and ethtool.exporter are none and controlPlane.enabled is false, and the profiles query their records',
  ]);
  expect(complaints(nothing)).toEqual([]);
});
