import { describe, expect, test } from '@jest/globals';
import { readBy, unusedSettings } from '../../../../generators/build/unused.ts';
import { chartsOf, chartValues } from '../../../support/chart-values.ts';
import { catalogue, generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';
import { relabel } from '../../../support/relabel.ts';
import { scrapeJobs } from '../../../support/values.ts';

const CHART = 'aws-network-flow-monitor-agent';
const JOB = 'network-flow-monitor';
const config = (networkFlowMonitor: object = {}, ethtool: object = {}) => ({
  ethtool: { exporter: JOB, ...ethtool },
  networkFlowMonitor,
});

describe('the values of the add-on', () => {
  test('exist only if its agent is the exporter', () => {
    for (const exporter of ['showmax', 'node-exporter', 'none']) {
      expect(chartsOf({ ethtool: { exporter } })).not.toContain(CHART);
    }
    expect(chartsOf(config())).toContain(CHART);
  });

  // Upstream: aws/network-flow-monitor-agent, charts/amazon-network-flow-monitor-agent/values.yaml, chart 1.1.4.
  test('make the agent serve metrics at the port that is scraped', () => {
    expect(chartValues(CHART, config({ port: 9110 }))).toEqual({
      env: { OPEN_METRICS: 'on', OPEN_METRICS_ADDRESS: '0.0.0.0', OPEN_METRICS_PORT: 9110 },
    });
  });

  test('say how the add-on takes them, as no repository has the chart', () => {
    const values = generate({ ...config(), targets: ['helm-values'] }).bundle.helmValues.find(
      ({ chart }) => chart === CHART,
    );
    expect(values?.addOn).toBe('aws-network-flow-monitoring-agent');
    expect(values?.header).toContain(
      `aws eks update-addon --cluster-name CLUSTER --addon-name ${values?.addOn} --configuration-values file://helm-values/${CHART}.yaml`,
    );
    expect(values?.header).not.toMatch(/^helm /m);
  });
});

describe('the scrape job', () => {
  const job = (given: object) => scrapeJobs(given).find(({ job_name: name }) => name === JOB);

  test('is there only if the agent is the exporter, and takes the place of the others', () => {
    expect(job({})).toBeUndefined();
    const names = scrapeJobs(config()).map(({ job_name: name }) => name);
    expect(names).toContain(JOB);
    expect(names.filter((name) => name.startsWith('ethtool-'))).toEqual([]);
  });

  test('finds the agents in their namespace, at their port, and names them after their nodes', () => {
    const found = job(config({ namespace: 'nfm', port: 9110 }));
    expect(found).toMatchObject({
      kubernetes_sd_configs: [
        { role: 'pod', namespaces: { names: ['nfm'] }, selectors: [{ role: 'pod', label: `name=${CHART}` }] },
      ],
    });
    expect(
      relabel(found?.relabel_configs ?? [], {
        __address__: '10.0.0.1:80',
        __meta_kubernetes_pod_ip: '10.0.0.1',
        __meta_kubernetes_pod_node_name: 'n',
        __meta_kubernetes_pod_phase: 'Running',
      }),
    ).toMatchObject({ __address__: '10.0.0.1:9110', node: 'n', instance: 'n', cluster: 'production' });
  });

  test('its port is one of the host', () => {
    const whose = 'networkFlowMonitor.port: got 9965, expected a port that is free on the network of the host';
    expect(complaints({ flows: { source: 'retina-hubble' }, ...config({ port: 9965 }) }).join('\n')).toContain(whose);
  });
});

describe('the build says', () => {
  const warnings = (given: object) => {
    const { config: complete, bundle } = generate(given);
    return unusedSettings(complete, catalogue, readBy(complete), bundle);
  };

  test('that one scraper only may read the agent', () => {
    const told = (given: object) =>
      generate(given).warnings.filter(({ reason }) => reason.includes('one Prometheus or collector only'));
    expect(told(config()).map(({ kind, settings }) => ({ kind, settings }))).toEqual([
      { kind: 'doubtful', settings: ['ethtool.exporter'] },
    ]);
    for (const exporter of ['showmax', 'node-exporter', 'none']) expect(told({ ethtool: { exporter } })).toEqual([]);
  });

  test('that the names of interfaces on a node choose nothing', () => {
    const device = { device: 'ens5' };
    expect(warnings(config({}, device)).flatMap(({ settings }) => settings)).toEqual(['ethtool.device']);
    expect(warnings({ ethtool: { exporter: 'node-exporter', ...device } })).toEqual([]);
  });

  test('that its settings do nothing with another exporter', () => {
    const [unused] = warnings({ networkFlowMonitor: { port: 9110 } });
    expect(unused).toMatchObject({ settings: ['networkFlowMonitor.port'], reason: 'ethtool.exporter is showmax' });
  });
});
