import { describe, expect, test } from '@jest/globals';
import { renderExposition } from '../../../bench/exposition.ts';
import {
  agentRestarted,
  clusterRenamed,
  podGone,
  runsAhead,
  scrapeGap,
  secondKubeStateMetrics,
} from '../../../bench/faults/index.ts';
import { promtoolSeries } from '../../../bench/samples.ts';
import type { Scrape } from '../../../bench/scrape.ts';
import { scrapesOf } from '../../../bench/timeline.ts';
import { PODS } from '../../support/handmade-cluster.ts';
import { cluster, REQUESTS, sampled, steady, values } from '../../support/sampled.ts';

describe('a steady cluster', () => {
  test('grows in straight lines', () => {
    expect(values(scrapesOf(steady), REQUESTS)).toEqual([[3600, 3630, 3660, 3690, 3720, 3750, 3780]]);
  });

  test('has its labels as Prometheus stores them', () => {
    const [flows] = sampled(scrapesOf(steady), REQUESTS);
    expect(flows?.labels).toMatchObject({
      job: 'hubble',
      cluster: 'handmade',
      node: 'node-b',
      namespace: 'kube-system',
    });
    expect(Object.values(flows?.labels ?? {})).not.toContain('');
    const [info] = sampled(scrapesOf(steady), { __name__: 'kube_pod_info', pod: 'web-1' });
    expect(info?.labels).toMatchObject({ namespace: 'shop', uid: 'uid-web-1', job: 'kube-state-metrics' });
  });

  test('is written as promtool reads it', () => {
    expect(promtoolSeries({ labels: { __name__: 'm', a: 'x"y' }, values: [undefined, 1, 2.5, 'stale'] })).toEqual({
      series: 'm{a="x\\"y"}',
      values: '_ 1 2.5 stale',
    });
  });
});

describe('faults of scrapes', () => {
  const scrapes = scrapesOf(steady, { kubeStateMetricsReplicas: 1 });
  const onB = ({ labels }: Scrape) => labels['node'] === 'node-b';

  test('a second kube-state-metrics comes and goes', () => {
    const fault = secondKubeStateMetrics(scrapes, { from: 60, until: 120 });
    const found = sampled(fault.scrapes, { __name__: 'kube_pod_info', pod: 'web-1' });
    expect(found.map(({ labels, values: row }) => [labels['instance'], row.join(' ')])).toEqual([
      ['kube-state-metrics-0', '1 1 1 1 1 1 1'],
      ['kube-state-metrics-0-second', '  1 1 stale  '],
    ]);
  });

  test('an agent restarts: its counters begin again, those of others go on', () => {
    const fault = agentRestarted(scrapes, onB, 75);
    expect(values(fault.scrapes, REQUESTS)).toEqual([[3600, 3630, 3660, 15, 45, 75, 105]]);
    const others = { ...REQUESTS, destination_pod: 'near-0' };
    expect(values(fault.scrapes, others)).toEqual(values(scrapes, others));
  });

  test('counters run ahead for a while: what comes later is counted earlier, and nothing is lost', () => {
    const fault = runsAhead(scrapes, onB, { from: 45, until: 105 }, 30);
    expect(values(fault.scrapes, REQUESTS)).toEqual([[3600, 3630, 3690, 3720, 3720, 3750, 3780]]);
    const others = { ...REQUESTS, destination_pod: 'near-0' };
    expect(values(fault.scrapes, others)).toEqual(values(scrapes, others));
  });

  test('a target is down: stale at once; Prometheus is down: no marker', () => {
    const during = { from: 60, until: 120 };
    expect(values(scrapeGap(scrapes, onB, during).scrapes, REQUESTS)).toEqual([
      [3600, 3630, 'stale', undefined, 3720, 3750, 3780],
    ]);
    expect(values(scrapeGap(scrapes, onB, during, 'prometheus').scrapes, REQUESTS)).toEqual([
      [3600, 3630, undefined, undefined, 3720, 3750, 3780],
    ]);
  });

  test('what goes away while Prometheus is down leaves no marker', () => {
    const { timeline } = podGone(cluster, { pod: PODS.web, at: 60 });
    const fault = scrapeGap(scrapesOf(timeline), onB, { from: 60, until: 90 }, 'prometheus');
    expect(values(fault.scrapes, REQUESTS)).toEqual([[3600, 3630, ...Array<undefined>(5).fill(undefined)]]);
  });

  test('a cluster is renamed', () => {
    const fault = clusterRenamed(scrapes, 60, 'renamed');
    const found = sampled(fault.scrapes, REQUESTS).map(({ labels, values: row }) => [labels['cluster'], row.join(' ')]);
    expect(found).toEqual([
      ['handmade', '3600 3630 stale    '],
      ['renamed', '  3660 3690 3720 3750 3780'],
    ]);
  });
});

describe('a page', () => {
  test('leaves out what is not there yet or any more', () => {
    const family = (from: number, until: number) => ({
      name: `from_${from}_total`,
      help: '',
      type: 'counter' as const,
      series: [{ metric: `from_${from}_total`, labels: {}, start: 0, perSecond: 1, from, until }],
    });
    const page = (at: number) => renderExposition([family(0, 10), family(10, 20)], at);
    expect(page(9)).toContain('from_0_total 9\n');
    expect(page(9)).not.toContain('from_10');
    expect(page(10)).toContain('from_10_total 10\n');
    expect(page(10)).not.toContain('from_0');
    expect(page(20)).toBe('');
  });
});
