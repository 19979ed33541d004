import { describe, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { CASES } from './pipeline-cases.ts';
import { ABSENT, during, type Level, PIPELINE } from './pipeline-input.ts';

/** Minutes, other than the defaults. */
const [WINDOW, MEMORY] = [8, 12];

/** What each alert says in front of "First:", of a level that makes it fire. */
const TEXTS: Readonly<
  Record<
    string,
    { level: Level; summary: string; said: (cluster: string, prometheus: string) => string; first: string }
  >
> = {
  TrafficLost: {
    level: 25,
    summary: 'Traffic is missing from the zone matrix.',
    said: (cluster) =>
      `${cluster}${(25 / 100) * 100}% of the measured network_flows is missing from the zone matrix, so every figure is too low.`,
    first: 'check the groups azimuth-identity and azimuth-network-* for failing or missing rules.',
  },
  TrafficUnattributed: {
    level: 0.25,
    summary: 'Traffic inside the cluster has no known zone.',
    said: (cluster) =>
      `${cluster}${0.25 * 100}% of network_flows has an end inside the cluster whose zone is unknown. ` +
      'Cross-zone figures and costs are too low by up to that share.',
    first: 'check the share by reason, whether kube-state-metrics runs, and whether nodes have their zone label.',
  },
  TrafficCountedTwice: {
    level: 2.25,
    summary: 'The two ends of the same traffic report different amounts.',
    said: (cluster) =>
      `${cluster}for pairs that both ends report, the peer view counts 2.25 times as much as the view that is read ` +
      '(network_flows). Near 2 or 0.5, one of the two counts each packet twice.',
    first:
      'check whether flows.select fits the aggregation level of the source, and whether two jobs scrape the same agents.',
  },
  FlowSourceSilent: {
    level: ABSENT,
    summary: 'A cluster has nodes but no measured traffic.',
    said: (cluster) =>
      `${cluster}no network_flows at all, although kube-state-metrics reports 2 nodes. The agents are down, or ` +
      'Prometheus does not scrape them, or their metrics have other labels.',
    first: 'check up{job=...} of the scrape job, then the agents.',
  },
  IdentitySourceSilent: {
    level: ABSENT,
    summary: 'A cluster has measured traffic but no pod metadata.',
    said: (cluster) =>
      `${cluster}2 series of traffic, but no kube_pod_info. Identities are remembered for ${MEMORY}m; after that, only zones ` +
      'that the source itself reports are known.',
    first: 'check that kube-state-metrics is up and scraped, and that it has the same cluster label as the flows.',
  },
  FlowEventsLost: {
    level: 600,
    summary: 'An agent loses flow events, so the traffic of its node is undercounted.',
    said: (cluster) =>
      `${cluster}ip-10-0-1-2 lost ${(600 * WINDOW) / 1000}k events in the last ${WINDOW}m (observer_events_queue).`,
    first: 'set dataAggregationLevel to high or give the agent more CPU; a longer queue helps only with bursts.',
  },
  RuleEvaluationFailing: {
    level: 10,
    summary: 'A rule of Azimuth fails, so its figures are out of date.',
    said: (_, prometheus) =>
      `${prometheus}: ${10 * 15} evaluations of group /etc/prometheus/rules/zone-traffic.yaml;azimuth-network-flows ` +
      'failed in the last 15 minutes. A failing rule keeps its last value for minutes: do not trust the figures of this group.',
    first: 'find the error on the Rules page of Prometheus.',
  },
  RuleGroupSlow: {
    level: 75,
    summary: 'A rule group of Azimuth takes almost as long as its interval.',
    said: (_, prometheus) =>
      `${prometheus}: group /etc/prometheus/rules/zone-traffic.yaml;azimuth-network-flows takes ${(75 / 60) * 100}% of its ` +
      'interval. Above 100 %, Prometheus skips evaluations.',
    first: 'lower flows.granularity, lengthen rules.interval, or turn off rules.compatibilityRecords.',
  },
};

/** Text inside a query of a URL. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

const links = {
  grafana: { url: 'https://grafana.example.com/' },
  rules: { infoLookback: `${MEMORY}m`, runbookBaseUrl: 'https://runbooks.example.com/azimuth/' },
};

const PLACES: readonly { readonly name: string; readonly label: string | null; readonly cluster?: string }[] = [
  { name: 'a cluster', label: 'cluster', cluster: 'production' },
  { name: 'a name that a URL must escape', label: 'cluster', cluster: 'EU west/1 & "2"' },
  { name: 'another cluster label', label: 'k8s_cluster', cluster: 'production' },
  { name: 'series without the cluster label', label: 'cluster' },
  { name: 'a store with one cluster', label: null },
];

describe.each(PLACES)('$name', ({ label, cluster }) => {
  const named = label !== null && cluster !== undefined;
  const place: Labels = named ? { [label]: cluster } : {};
  const [before, after] = named ? [`Cluster ${cluster}: `, ` of cluster ${cluster}`] : ['', ''];

  test.each(CASES)('$alert', async ({ alert, series, labels }) => {
    const text = TEXTS[alert];
    if (text === undefined) throw new Error(`no text of ${alert}`);
    // The window is part of the names of records: only the alert that reads none has another here.
    const window = alert === 'FlowEventsLost' ? `${WINDOW}m` : '5m';
    const given = { ...links, cluster: { label }, rules: { ...links.rules, window } };
    const minutes = 60;
    const variable = named ? `&var-${label}=${escaped(cluster)}` : '';
    await testRules(
      [generate(given).file(PIPELINE)],
      [
        {
          name: alert,
          interval: INTERVAL,
          input_series: series(place, during([minutes, text.level])),
          alert_rule_test: [
            {
              alertname: alert,
              eval_time: `${minutes - 5}m`,
              exp_alerts: [
                {
                  exp_labels: { ...labels(place), severity: 'warning' },
                  exp_annotations: {
                    summary: text.summary,
                    description: `${text.said(before, `Prometheus prometheus-0${after}`)} First: ${text.first}`,
                    runbook_url: `https://runbooks.example.com/azimuth/${alert}.md`,
                    dashboard_url: `https://grafana.example.com/d/zone-traffic?from=now-3h&to=now${variable}`,
                  },
                },
              ],
            },
          ],
        },
      ],
    );
  });
});
