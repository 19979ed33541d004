import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { stackValues } from '../../../support/values.ts';

describe('the rules in the values of kube-prometheus-stack', () => {
  test.each([
    ['by default', {}],
    ['without a cluster label', { cluster: { label: null } }],
    ['with the compatibility records', { rules: { compatibilityRecords: true } }],
    ['with changed alerts', { alerts: { PPSAllowanceExceeded: false, ConntrackAllowanceLow: { threshold: 0.2 } } }],
    ['without flows', { flows: { source: 'none' } }],
  ])('are those of the rule files, %s', (_name, given) => {
    const { bundle, ...generated } = generate(given);
    const files = bundle.ruleFiles.map(({ name }) => [
      `azimuth-${name}`,
      load(generated.file(`rules/prometheus/${name}.rules.yaml`)),
    ]);
    expect(files.length).toBeGreaterThan(0);
    expect(stackValues(given).additionalPrometheusRulesMap).toEqual(Object.fromEntries(files));
  });
});

/** Routing needs more: test/unit/routing says what. */
const UNROUTED = { routing: { records: false } };

describe('what the rules need of kube-state-metrics', () => {
  test('is the labels of nodes with their zone and their type, and the cluster label', () => {
    const relabelings = [{ action: 'replace', targetLabel: 'cluster', replacement: 'production' }];
    expect(stackValues({ zones: { nodeLabel: 'example.com/zone' }, ...UNROUTED })['kube-state-metrics']).toEqual({
      metricLabelsAllowlist: [
        'nodes=[example.com/zone,node.kubernetes.io/instance-type]',
        'namespaces=[kube-burner-uuid,kube-burner.io/uuid]',
      ],
      // Under the key of older charts and under that of newer ones.
      prometheus: { monitor: { interval: '30s', relabelings, http: { relabelings } } },
    });
  });

  test('is no label where zones come from elsewhere and no limits of instances are recorded', () => {
    const given = {
      zones: { from: ['provider-id'] },
      ethtool: { exporter: 'none' },
      controlPlane: { runs: false },
      ...UNROUTED,
    };
    expect(stackValues(given)['kube-state-metrics']).not.toHaveProperty('metricLabelsAllowlist');
  });

  test('is nothing where no domain reads it, and the same without flows as with them', () => {
    const noFlows = { flows: { source: 'none' } };
    const nothing = {
      ...noFlows,
      workloads: { resources: false },
      ethtool: { exporter: 'none' },
      controlPlane: { enabled: false },
    };
    expect(stackValues(nothing)).not.toHaveProperty('kube-state-metrics');
    expect(stackValues(noFlows)['kube-state-metrics']).toEqual(stackValues({})['kube-state-metrics']);
  });

  test('is no relabelling without a cluster label', () => {
    const given = {
      zones: { from: ['provider-id'] },
      ethtool: { exporter: 'none' },
      controlPlane: { runs: false },
      cluster: { label: null },
      scrape: { interval: '1m' },
      ...UNROUTED,
    };
    expect(stackValues(given)['kube-state-metrics']).toEqual({ prometheus: { monitor: { interval: '1m' } } });
  });
});

test('the header names the scrape jobs, or the PodMonitors that replace them', () => {
  const header = (given: object) => {
    const text = generate(given).file('helm-values/kube-prometheus-stack.yaml').split('\nprometheus:')[0] ?? '';
    return text.replaceAll('\n#', '');
  };
  expect(header({})).toContain('scrape jobs');
  expect(header({})).not.toContain('manifests/monitors');
  const monitored = header({ monitors: { enabled: true } });
  expect(monitored).toContain('PodMonitors in manifests/monitors');
  expect(monitored).not.toMatch(/scrape jobs|additionalScrapeConfigs/);
  const both = { targets: ['kube-prometheus-stack', 'prometheus-operator'] };
  expect(header(both)).toContain('The rules are in rules/prometheus-operator.');
  expect(header(both)).not.toContain('additionalPrometheusRules');
});

test.each(['prometheus-operator', 'amp'])('the rules are not loaded twice: the values have none with %s', (loader) => {
  const given = { amp: { workspaceId: 'ws-1' }, rules: { ruler: 'amp' } };
  expect(stackValues({ ...given, targets: ['kube-prometheus-stack'] })).toHaveProperty('additionalPrometheusRulesMap');
  expect(stackValues({ ...given, targets: ['kube-prometheus-stack', loader] })).not.toHaveProperty(
    'additionalPrometheusRulesMap',
  );
});

test('two outputs that load the rules are a problem', () => {
  expect(complaints({ amp: { workspaceId: 'ws-1' }, targets: ['amp', 'grafana', 'prometheus-operator'] })).toEqual([
    expect.stringContaining('only one of amp or prometheus-operator, as each of them loads the rules'),
  ]);
});
