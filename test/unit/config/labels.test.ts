import { describe, expect, test } from '@jest/globals';
import { complaints } from '../../support/problems.ts';

describe('a cluster label that the rules use themselves', () => {
  const expected = 'expected a label that the rules do not use themselves, such as cluster';

  // Labels that joins, label_replace, label_join and matchers use, and names of dashboard variables.
  test.each([
    ['node', 'zone', 'instance', 'severity', 'alertname', 'source_pod', 'destination_x', '__name__', 'name'],
    ['owner_kind', 'owner_name', 'created_by_kind', 'created_by_name', 'replicaset', 'job_name', 'owner_is_controller'],
    ['host_ip', 'pod_ip', 'host_network', 'traffic_direction', 'alertstate', 'datasource', 'pods_namespace'],
  ])('%s, %s, %s, ...', (...labels) => {
    for (const label of labels) {
      expect(complaints({ cluster: { label } })).toEqual([`cluster.label: got "${label}", ${expected}`]);
    }
  });

  // PromQL reads these two as numbers, in any case, so they cannot stand in "by (...)".
  test.each(['inf', 'NaN'])('%s', (label) => {
    expect(complaints({ cluster: { label } })).toEqual([`cluster.label: got "${label}", ${expected}`]);
  });
});

describe('labels of rules', () => {
  test('may not be those that the alerts set', () => {
    const own = 'is set by the alerts themselves; expected a label of your own such as team';
    expect(complaints({ rules: { labels: { severity: 'low', alertname: 'x', cluster: 'y', team: 'net' } } })).toEqual([
      `rules.labels.severity: severity ${own}`,
      `rules.labels.alertname: alertname ${own}`,
      `rules.labels.cluster: cluster ${own}`,
    ]);
  });

  test('may be called cluster where that is not the cluster label', () => {
    expect(complaints({ cluster: { label: 'k8s' }, rules: { labels: { cluster: 'x' } } })).toEqual([]);
    expect(complaints({ cluster: { label: 'k8s' }, rules: { labels: { k8s: 'x' } } })).toHaveLength(1);
  });

  // Prometheus refuses __name__; a fixed value of the others makes the alerts of all nodes one and the same, which it refuses too.
  test.each(['__name__', 'instance', 'device', 'node'])('may not be called %s', (label) => {
    expect(complaints({ rules: { labels: { [label]: 'x' } } })).toHaveLength(1);
  });

  test('are each named when several are no label names', () => {
    const lines = complaints({ rules: { labels: { 'a-b': 'x', 'c-d': 'y' } } });
    expect(lines).toEqual([
      expect.stringMatching(/^rules\.labels\.a-b: .*Prometheus label name/),
      expect.stringMatching(/^rules\.labels\.c-d: .*Prometheus label name/),
    ]);
  });
});

test('labels and annotations of one alert: the same rules, and only templates that every ruler reads', () => {
  const given = {
    alerts: {
      CoreDNSDown: {
        labels: { severity: 'x', team: '{{ x }}', cluster: 'y', fine: 'yes' },
        annotations: {
          runbook_url: 'https://wiki.example/dns',
          text: 'on {{ $labels.node }}: {{ $value | humanize }} of {{$labels.zone}}',
          broken: '{{ $value',
          call: '{{ query "up" }}',
          __x: 'y',
        },
      },
    },
  };
  const own = 'is set by the alerts themselves; expected a label of your own such as team';
  const templates = 'expected text in which {{ $value }} and {{ $labels.NAME }} are the only templates';
  expect(complaints(given)).toEqual([
    `alerts.CoreDNSDown.labels.severity: severity ${own}`,
    'alerts.CoreDNSDown.labels.team: got "{{ x }}", expected a fixed value; templates are not taken here',
    `alerts.CoreDNSDown.labels.cluster: cluster ${own}`,
    `alerts.CoreDNSDown.annotations.broken: got "{{ $value", ${templates}`,
    `alerts.CoreDNSDown.annotations.call: got "{{ query \\"up\\" }}", ${templates}`,
    'alerts.CoreDNSDown.annotations.__x: __x is reserved; expected a name such as runbook_url',
  ]);
  expect(
    complaints({ alerts: { CoreDNSDown: { labels: { 'a-b': 'x' }, annotations: { '': 'x', y: '' } } } }),
  ).toHaveLength(3);
});

// Prometheus reads labels and annotations of alerts as templates, and refuses the whole file over one that it cannot read.
test('templates have no place in labels and links', () => {
  const given = {
    rules: { labels: { team: '{{ x' }, runbookBaseUrl: 'http://x/{{ y' },
    grafana: { url: 'http://x/{{ y }}' },
  };
  expect(complaints(given)).toEqual([
    'rules.runbookBaseUrl: got "http://x/{{ y", expected an http:// or https:// URL or a path, without spaces and braces',
    'grafana.url: got "http://x/{{ y }}", expected an http:// or https:// URL or a path, without spaces and braces',
    'rules.labels.team: got "{{ x", expected a fixed value; templates are not taken here',
  ]);
});
