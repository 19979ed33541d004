import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import { isDirectOnOneNode, type Labels, type MetricFamily, type Node, type Series } from '../../../bench/model.ts';
import { retinaHubble } from '../../../bench/sources/retina-hubble.ts';
import { truth } from '../../../bench/truth.ts';
import { countedOnce } from '../../support/exposed.ts';

const cluster = generateCluster({ seed: 3, unlabelledNodes: 1 });

function familiesOf(node: Node): readonly MetricFamily[] {
  return retinaHubble.families(cluster, node);
}

function rateOf(series: readonly Series[], selects: (labels: Labels) => boolean): number {
  return series.filter(({ labels }) => selects(labels)).reduce((total, { perSecond }) => total + perSecond, 0);
}

function isForwarded({ type, verdict }: Labels): boolean {
  return type === 'Trace' && verdict === 'FORWARDED';
}

function isAtPod({ subtype }: Labels): boolean {
  return subtype === 'to-endpoint' || subtype === 'to-stack';
}

function isServerSide(labels: Labels): boolean {
  return labels['traffic_direction'] === 'ingress';
}

function isClientSide(labels: Labels): boolean {
  return labels['traffic_direction'] === 'egress';
}

function countsClientSide(labels: Labels): boolean {
  return isForwarded(labels) && isAtPod(labels) && isClientSide(labels);
}

describe('hubble', () => {
  const flows = cluster.nodes.flatMap((node) =>
    familiesOf(node).flatMap(({ series }) => series.filter(({ metric }) => metric === 'hubble_flows_processed_total')),
  );
  test('counts each packet once in the trace events of the server side, and of the client side what only that one sees', () => {
    expect(countedOnce('retina-hubble', cluster, flows)).toBeCloseTo(truth(cluster).total, 6);
  });

  test('describes the same packets again on the client side: at both pods of one node, and those to external servers', () => {
    const ofPods = cluster.connections.filter(({ client }) => client.kind === 'pod');
    const expected = ofPods.reduce(
      (total, one) => total + (one.requests + one.replies) * (isDirectOnOneNode(one) ? 2 : 1),
      0,
    );
    expect(rateOf(flows, countsClientSide)).toBe(expected);
  });

  test.each([
    ['without subtype', (labels: Labels) => isForwarded(labels) && isServerSide(labels)],
    ['without direction', (labels: Labels) => isForwarded(labels) && isAtPod(labels)],
    ['without type', (labels: Labels) => labels['verdict'] === 'FORWARDED' && isServerSide(labels)],
    ['the egress side without DNS', (labels: Labels) => isClientSide(labels) && labels['protocol'] !== 'DNS'],
  ])('overcounts with a selector %s', (_, selects) => {
    expect(rateOf(flows, selects)).toBeGreaterThan(truth(cluster).total * 1.3);
  });

  test('has DNS copies and drops on the counted side', () => {
    const onServerSide = flows.map(({ labels }) => labels).filter(isServerSide);
    expect(onServerSide.filter(({ type, protocol }) => type === 'L7' && protocol === 'DNS')).not.toHaveLength(0);
    expect(onServerSide.filter(({ type, verdict }) => type === 'Drop' && verdict === 'DROPPED')).not.toHaveLength(0);
  });

  test('knows only the address of an external peer', () => {
    const external = flows.filter(({ labels }) => labels['source_pod'] === '');
    expect(external).not.toHaveLength(0);
    expect(external.map(({ labels }) => labels['source_namespace'])).toEqual(external.map(() => ''));
    expect(external.map(({ labels }) => labels['source_ip'])).toEqual(
      external.map(() => expect.stringMatching(/^203\.0\.113\./)),
    );
  });

  test('never exposes a series twice', () => {
    for (const node of cluster.nodes) {
      const keys = familiesOf(node).flatMap(({ series }) => series.map((one) => JSON.stringify(one.labels)));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });
});
