import { describe, expect, test } from '@jest/globals';
import { DOMAINS, OUTPUTS, ProblemError } from '../../../generators/index.ts';
import { complaints, complaintsOfYaml, problemsOf } from '../../support/problems.ts';

/** Names as messages list them. */
const listed = (names: readonly string[]): string => names.join(', ');

describe('a name that is nearly right is an error with the right one', () => {
  test.each([
    ['alert', { alerts: { PPSAllowanceExeeded: false } }, 'alerts.PPSAllowanceExeeded', 'PPSAllowanceExceeded'],
    ['alert', { alerts: { conntrackallowancelow: {} } }, 'alerts.conntrackallowancelow', 'ConntrackAllowanceLow'],
    ['dashboard', { dashboards: { 'zone-trafic': false } }, 'dashboards.zone-trafic', 'zone-traffic'],
    [
      'panel of zone-traffic',
      { dashboards: { 'zone-traffic': { panels: { 'cross-zones': false } } } },
      'dashboards.zone-traffic.panels.cross-zones',
      'cross-zone',
    ],
    ['setting', { cluser: {} }, 'cluser', 'cluster'],
    ['setting', { rules: { windw: '5m' } }, 'rules.windw', 'window'],
    ['setting', { retina: { resources: { cpus: '1' } } }, 'retina.resources.cpus', 'cpu'],
    [
      'setting',
      { alerts: { PPSAllowanceExceeded: { treshold: 1 } } },
      'alerts.PPSAllowanceExceeded.treshold',
      'threshold',
    ],
    [
      'setting',
      { alerts: { PPSAllowanceExceeded: { escalation: { fo: '1m' } } } },
      'alerts.PPSAllowanceExceeded.escalation.fo',
      'for',
    ],
    ['setting', { dashboards: { 'zone-traffic': { titel: 'x' } } }, 'dashboards.zone-traffic.titel', 'title'],
    [
      'setting',
      { dashboards: { 'zone-traffic': { panels: { matrix: { titel: 'x' } } } } },
      'dashboards.zone-traffic.panels.matrix.titel',
      'title',
    ],
  ])('%s: %j', (noun, given, path, right) => {
    expect(problemsOf(given)).toEqual([{ path, message: `unknown ${noun}, did you mean ${right}?` }]);
  });
});

describe('a name that is far from every other is an error with all of them', () => {
  test('alert', () => {
    const alerts = DOMAINS.flatMap((domain) => domain.alerts.map(({ alert }) => alert));
    expect(alerts.length).toBeGreaterThan(10);
    expect(complaints({ alerts: { Flood: false } })).toEqual([`alerts.Flood: unknown alert, known: ${listed(alerts)}`]);
  });

  test('dashboard', () => {
    expect(complaints({ dashboards: { cilium: false } })).toEqual([
      `dashboards.cilium: unknown dashboard, known: ${listed(DOMAINS.flatMap(({ dashboards }) => dashboards))}`,
    ]);
  });

  test('setting', () => {
    expect(complaints({ zones: { origin: [] } })).toEqual([
      'zones.origin: unknown setting, known: from, nodeLabel, valid, subnets',
    ]);
  });
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s is a name like any other', (name) => {
  const text = `"${name}": 1\nalerts: { "${name}": false }\ndashboards: { "${name}": {} }\nrules: { "${name}": 1 }\n`;
  const paths = complaintsOfYaml(text).map(
    (line) => /^(.*): unknown (?:setting|alert|dashboard), /.exec(line)?.[1] ?? line,
  );
  expect(paths.toSorted()).toEqual([name, `alerts.${name}`, `dashboards.${name}`, `rules.${name}`].toSorted());
});

describe('five mistakes', () => {
  const five = {
    alerts: { PPSAllowanceExeeded: false },
    cluster: { label: 'not a label' },
    ethtool: { port: 0 },
    rules: { window: '30 seconds' },
    targets: ['grafana', 'helm'],
  };

  test('give five lines', () => {
    expect(complaints(five)).toEqual([
      'cluster.label: got "not a label", expected a Prometheus label name such as cluster, or null',
      'rules.window: got "30 seconds", expected a duration such as 30s or 5m',
      'ethtool.port: got 0, expected at least 1',
      `targets.1: got "helm", expected one of ${listed(OUTPUTS.map(({ id }) => id))}`,
      'alerts.PPSAllowanceExeeded: unknown alert, did you mean PPSAllowanceExceeded?',
    ]);
  });

  test('are one message, headed by the file', () => {
    expect(new ProblemError('azimuth.yaml', problemsOf(five)).message).toBe(
      ['azimuth.yaml: 5 problems', ...complaints(five).map((line) => `  ${line}`)].join('\n'),
    );
  });

  test('may be of the schema and beyond it', () => {
    const lines = complaints({
      flows: { source: 'none', granularity: 'both' },
      ethtool: { exporter: 'none', device: '(' },
      workloads: { resources: false },
      dns: { enabled: false },
      controlPlane: { enabled: false },
      rules: { window: '1m' },
      keep: ['../x'],
    });
    expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'flows.granularity',
      'rules.window',
      'flows.source',
      'ethtool.device',
      'keep.0',
    ]);
  });
});

// What is wrong in one place must not hide what is wrong in another.
test('a mistake in one alert does not hide that of another', () => {
  const lines = complaints({ alerts: { Flood: false, ConntrackAllowanceLow: { threshold: 2 } } });
  expect(lines).toHaveLength(2);
});

test('an unknown setting does not hide the mistake of a setting whose name begins the same', () => {
  expect(complaints({ rules: { win: '5m', window: '1m' } })).toHaveLength(2);
});

test('a setting without a name is shown as one', () => {
  expect(complaintsOfYaml('"": 1')[0]).toMatch(/^"": unknown setting/);
});
