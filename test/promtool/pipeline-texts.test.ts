import { describe, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL, type Labels } from './allowances-input.ts';
import { CASES, MEMORY, severityOf, TEXTS } from './pipeline-cases.ts';
import { ALL, during, PIPELINE } from './pipeline-input.ts';

/** Text inside a query of a URL. */
const escaped = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+');

const links = {
  ...ALL,
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

  // Anchored alerts leave series without the label to ClusterLabelMissing.
  const cases = CASES.filter(({ anchored }) => named || label === null || anchored === undefined);

  test.each(cases)('$alert', async ({ alert, series, labels }) => {
    const text = TEXTS[alert];
    if (text === undefined) throw new Error(`no text of ${alert}`);
    const given = { ...links, cluster: { label } };
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
                  exp_labels: { ...labels(place), severity: severityOf(alert) },
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
