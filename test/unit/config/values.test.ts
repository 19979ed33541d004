import { describe, expect, test } from '@jest/globals';
import { EXPORTERS, FLOW_SOURCES } from '../../../generators/index.ts';
import { complaints, complaintsOfYaml } from '../../support/problems.ts';
import { TARGETS } from '../../support/registry.ts';

describe('a value of the wrong kind', () => {
  test.each([
    ['cluster: blue', 'cluster: got "blue", expected a mapping'],
    ['cluster: [blue]', 'cluster: got ["blue"], expected a mapping'],
    ['cluster: { name: 7 }', 'cluster.name: got 7, expected text on one line'],
    ['cluster: { name: "" }', 'cluster.name: got "", must not be empty'],
    ['cluster: { name: "two\\nlines" }', 'cluster.name: got "two\\nlines", expected text on one line'],
    ['cluster: { label: 7 }', 'cluster.label: got 7, expected a Prometheus label name such as cluster, or null'],
    ['zones: { from: node-label }', 'zones.from: got "node-label", expected a list such as [node-label]'],
    ['zones: { from: "a, b" }', 'zones.from: got "a, b", expected a list'],
    ['descheduler: true', 'descheduler: got true, expected a mapping such as { enabled: true }'],
    ['kubeBurner: false', 'kubeBurner: got false, expected a mapping such as { enabled: false }'],
    ['nodeLocalDns: true', 'nodeLocalDns: got true, expected a mapping such as { scrape: true }'],
    ['cluster: true', 'cluster: got true, expected a mapping'],
    ['zones: { from: [] }', 'zones.from: got [], must not be empty'],
    [
      'zones: { from: [node-label, node-label] }',
      'zones.from: got ["node-label","node-label"], expected every item once',
    ],
    [
      'rules: { compatibilityRecords: yes please }',
      'rules.compatibilityRecords: got "yes please", expected true or false',
    ],
    ['rules: { labels: { team: 5 } }', 'rules.labels.team: got 5, expected text on one line'],
    ['ethtool: { port: 9417.5 }', 'ethtool.port: got 9417.5, expected a whole number'],
    ['ethtool: { port: "9417" }', 'ethtool.port: got "9417", expected a whole number'],
    ['ethtool: { port: 70000 }', 'ethtool.port: got 70000, expected at most 65535'],
    ['ethtool: { app: Exporter }', 'ethtool.app: got "Exporter", expected a Kubernetes name such as kube-system'],
    ['retina: { version: 1.2.6 }', 'retina.version: got "1.2.6", expected a release tag such as v1.2.6'],
    [
      'retina: { resources: { cpu: 2 } }',
      'retina.resources.cpu: got 2, expected a CPU quantity in quotes such as "500m" or "2"',
    ],
    [
      'retina: { resources: { memory: 500M } }',
      'retina.resources.memory: got "500M", expected a memory quantity such as 500Mi',
    ],
    ['alerts: [PPSAllowanceExceeded]', 'alerts: got ["PPSAllowanceExceeded"], expected a mapping'],
    [
      'alerts: { PPSAllowanceExceeded: true }',
      'alerts.PPSAllowanceExceeded: got true, expected false or a mapping of changes',
    ],
    [
      'alerts: { PPSAllowanceExceeded: { threshold: many } }',
      'alerts.PPSAllowanceExceeded.threshold: got "many", expected a number',
    ],
    [
      'alerts: { PPSAllowanceExceeded: { threshold: .nan } }',
      'alerts.PPSAllowanceExceeded.threshold: got NaN, expected a number',
    ],
    [
      'alerts: { PPSAllowanceExceeded: { threshold: -1 } }',
      'alerts.PPSAllowanceExceeded.threshold: got -1, expected at least 0',
    ],
    [
      'dashboards: { zone-traffic: { panels: { matrix: hidden } } }',
      'dashboards.zone-traffic.panels.matrix: got "hidden", expected false or a mapping of changes',
    ],
    [
      'dashboards: { zone-traffic: { from: 6h } }',
      'dashboards.zone-traffic.from: got "6h", expected a start such as now-6h',
    ],
  ])('%s', (text, line) => {
    expect(complaintsOfYaml(text)).toEqual([line]);
  });

  test('is cut when it is long', () => {
    expect(complaints({ flows: 'x'.repeat(100) })).toEqual([`flows: got "${'x'.repeat(56)}..., expected a mapping`]);
  });
});

describe('a value that is none of the choices', () => {
  test.each([
    [
      'flows: { select: server }',
      'flows.select: got "server", expected default, server-side, client-side, compatibility (the selections of retina-hubble), or ' +
        'matchers such as traffic_direction="ingress"',
    ],
    [
      'flows: { granularity: node }',
      'flows.granularity: got "node", expected one of zone, workload, pod; did you mean pod?',
    ],
    ['flows: { select: { obi: pods } }', 'flows.select.obi: obi is not among flows.source'],
    [
      'flows: { source: [obi, netobserv] }',
      'flows.source: got ["obi","netobserv"], expected sources that count in different units (obi and netobserv both record ' +
        'packets; see flows.units)',
    ],
    ['flows: { units: [bytes] }', 'flows.units: got ["bytes"], expected a unit that retina-hubble counts'],
    [
      'flows: { source: [retina-hubble, netobserv], units: [flows] }',
      'flows.units: got ["flows"], expected a unit that netobserv counts',
    ],
    [
      'flows: { source: [retina-standard, retina-hubble] }',
      'flows.source: got ["retina-standard","retina-hubble"], expected either retina-hubble or retina-standard, as both charts install a ' +
        'DaemonSet retina-agent that listens on host port 10093; for bytes in addition to retina-hubble, add netobserv, obi or beyla',
    ],
    [
      'flows: { source: retina-huble }',
      `flows.source: got "retina-huble", expected one of ${FLOW_SOURCES.join(', ')}, none; did you mean retina-hubble?`,
    ],
    [
      'ethtool: { exporter: nodeexporter }',
      `ethtool.exporter: got "nodeexporter", expected one of ${EXPORTERS.join(', ')}, none; did you mean node-exporter?`,
    ],
    [
      'ethtool: { exporter: [showmax, nodeexporter] }',
      `ethtool.exporter.1: got "nodeexporter", expected one of ${EXPORTERS.join(', ')}; did you mean node-exporter?`,
    ],
    [
      'ethtool: { exporter: [showmax, none] }',
      `ethtool.exporter.1: got "none", expected one of ${EXPORTERS.join(', ')}`,
    ],
    ['ethtool: { exporter: [] }', 'ethtool.exporter: got [], must not be empty'],
    [
      'ethtool: { exporter: [showmax, showmax] }',
      'ethtool.exporter: got ["showmax","showmax"], expected every item once',
    ],
    [
      'ethtool: { exporter: [node-exporter, network-flow-monitor], daemonSet: { enabled: true } }',
      'ethtool.daemonSet.enabled: got true, expected false, as ethtool.exporter is node-exporter, network-flow-monitor, not showmax',
    ],
    [
      'alerts: { PPSAllowanceExceeded: { severity: Critical } }',
      'alerts.PPSAllowanceExceeded.severity: got "Critical", expected one of critical, warning, info; did you mean critical?',
    ],
    [
      'retina: { eventBufferCapacity: 8192 }',
      'retina.eventBufferCapacity: got 8192, expected one of 1023, 2047, 4095, 8191, 16383, 32767, 65535',
    ],
    [
      'targets: [grafana, grafna]',
      `targets.1: got "grafna", expected one of ${TARGETS.join(', ')}; did you mean grafana?`,
    ],
  ])('%s', (text, line) => {
    expect(complaintsOfYaml(text)).toEqual([line]);
  });
});

describe('a duration', () => {
  test.each(['30 seconds', '5', 5, '5M', '-5m', '1.5m', '', 'm', ' 5m', '5m\n', null])('is not %j', (given) => {
    expect(complaints({ rules: { interval: given } })).toEqual([
      `rules.interval: got ${JSON.stringify(given)}, expected a duration such as 30s or 5m`,
    ]);
  });

  test.each(['30s', '90s', '1m30s', '100000ms', '0h2m'])('is %s', (interval) => {
    expect(complaints({ rules: { interval } })).toEqual([]);
  });

  // Prometheus wants units from large to small, each once, and no more than 292 years.
  test.each(['30s5m', '5m5m', '99999999999y'])('is not %s', (pending) => {
    expect(complaints({ alerts: { PPSAllowanceExceeded: { for: pending } } })).toEqual([
      `alerts.PPSAllowanceExceeded.for: got "${pending}", expected a duration such as 30s or 5m`,
    ]);
  });
});
