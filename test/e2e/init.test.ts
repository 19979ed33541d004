import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Labels } from '../../bench/model.ts';
import { samplesOf } from '../../bench/samples.ts';
import type { SourceId } from '../../bench/sources/index.ts';
import { scrapesOf } from '../../bench/timeline.ts';
import { writeInBatches } from '../../demo/replay.ts';
import { type Home, makeHome } from '../../demo/server.ts';
import { detect, type Detected } from '../../generators/commands/init/detect.ts';
import { queriesOf } from '../../generators/commands/prometheus/client.ts';
import { completeConfig } from '../../generators/index.ts';
import { catalogue } from '../support/generate.ts';
import { clusterWith, connect, end, PODS } from '../support/handmade-cluster.ts';
import { run } from '../support/run-main.ts';
import { inTempDir } from '../support/temp-dir.ts';

// Several worlds in one Prometheus, an hour apart: what is seen at one moment tells nothing of another.

const CLUSTER = clusterWith([connect(end(PODS.web), end(PODS.db), 10, 10)]);

/** A world: what is scraped, and how its labels differ from usual ones. */
interface World {
  readonly sources: readonly SourceId[];
  readonly step: number;
  readonly changed?: (labels: Labels) => Labels | undefined;
  readonly added?: readonly Labels[];
}

const without = (labels: Labels, ...names: readonly string[]): Labels =>
  Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));

const allowance = (device: string, more: Labels = {}): Labels => ({
  __name__: 'node_net_ethtool',
  device,
  type: 'pps_allowance_exceeded',
  job: 'ethtool',
  ...more,
});

const WORLDS = {
  usual: {
    sources: ['retina-hubble'],
    step: 30,
    added: [allowance('eth0'), allowance('lo')],
    changed: (labels) => ({
      ...labels,
      ...(labels['provider_id'] !== undefined && { provider_id: 'aws:///eu-west-1a/i-1' }),
    }),
  },
  bare: {
    sources: ['obi'],
    step: 60,
    changed: (labels) =>
      without(labels, 'cluster', 'k8s_cluster_name', 'provider_id', 'label_topology_kubernetes_io_zone'),
  },
  both: {
    sources: ['retina-hubble', 'obi'],
    step: 15,
    added: [allowance('bond0'), allowance('bond1')],
    changed: (labels) => {
      const { cluster, ...rest } = labels;
      const provider = {
        ...(labels['provider_id'] !== undefined && { provider_id: 'gce://project/europe-west1-b/n' }),
      };
      const region =
        labels['__name__'] === 'kube_node_labels' ? { label_topology_kubernetes_io_region: 'europe-west1' } : {};
      return { ...rest, ...provider, ...region, cluster_name: cluster ?? '', exported_namespace: 'x' };
    },
  },
  cilium: { sources: ['cilium-hubble'], step: 30, added: [{ __name__: 'cilium_endpoint', job: 'cilium-agent' }] },
  // Its agents are not scraped; the Service of the chart is.
  hubbleAlone: {
    sources: ['cilium-hubble'],
    step: 30,
    changed: (labels) =>
      labels['__name__']?.startsWith('cilium') === true ? undefined : { ...labels, job: 'hubble-metrics' },
  },
  // Retina on a cluster whose network is Cilium.
  retinaOnCilium: {
    sources: ['retina-hubble'],
    step: 30,
    added: [{ __name__: 'cilium_endpoint', job: 'cilium-agent' }],
  },
  nothing: { sources: [], step: 30, changed: () => undefined },
} as const satisfies Readonly<Record<string, World>>;
type Name = keyof typeof WORLDS;

const NAMES = Object.keys(WORLDS) as Name[];
const APART = 3600;
const DURATION = 900;
const NOW = Math.floor(Date.now() / 60_000) * 60;

/** The end of a world; that of the first is now. */
const endOf = (name: Name): number => NOW - NAMES.indexOf(name) * APART;

const running: { home?: Home; stop?: () => Promise<void>; url?: string } = {};

beforeAll(async () => {
  running.home = await makeHome();
  const prometheus = await running.home.start({});
  running.stop = () => prometheus.stop();
  running.url = prometheus.url;
  // Oldest first, as a database of samples takes them.
  for (const name of NAMES.toReversed()) {
    const { sources, step, changed = (labels: Labels) => labels, added = [] }: World = WORLDS[name];
    const input = samplesOf(scrapesOf([{ from: 0, cluster: CLUSTER }], { sources }), { step, duration: DURATION });
    const times = Array.from({ length: DURATION / step + 1 }, (_, index) => endOf(name) - DURATION + index * step);
    const known = input.flatMap(({ labels, values }) => {
      const own = changed(labels);
      return own === undefined ? [] : [{ labels: own, values }];
    });
    const more = added.map((labels: Labels) => ({ labels, values: times.map(() => 1) }));
    await writeInBatches(
      prometheus.url,
      [...known, ...more].map(({ labels, values }) => ({
        labels,
        samples: times.flatMap((seconds, index) => {
          const value = values[index];
          return typeof value === 'number' ? [{ milliseconds: seconds * 1000, value }] : [];
        }),
      })),
    );
  }
}, 240_000);

afterAll(async () => {
  await running.stop?.();
  await running.home?.remove();
});

const defaults = completeConfig('test', {}, catalogue);
const seen = async (name: Name): Promise<Detected> => detect(queriesOf(running.url ?? ''), defaults, endOf(name));

/** Answers without their evidence. */
const valuesOf = ({ warnings: _warnings, ...answers }: Detected) =>
  Object.fromEntries(Object.entries(answers).map(([key, { value }]) => [key, value]));

describe('what is really there', () => {
  test('a usual cluster', async () => {
    expect(valuesOf(await seen('usual'))).toEqual({
      source: 'retina-hubble',
      exporter: 'showmax',
      label: 'cluster',
      name: CLUSTER.name,
      provider: 'aws',
      region: 'eu-west-1',
      interval: '30s',
    });
    expect((await seen('usual')).warnings).toEqual([]);
  });

  test('a cluster without labels: what is missing is said', async () => {
    const found = await seen('bare');
    expect(valuesOf(found)).toEqual({ source: 'obi', label: 'null', interval: '1m' });
    expect(found.warnings).toEqual([expect.stringContaining('kube_node_labels has no zone')]);
  });

  test('two sources, another label, another cloud, other devices, no honor_labels', async () => {
    const found = await seen('both');
    expect(valuesOf(found)).toEqual({
      source: 'retina-hubble,obi',
      exporter: 'showmax',
      label: 'cluster_name',
      name: CLUSTER.name,
      provider: 'gcp',
      region: 'europe-west1',
      interval: '15s',
      device: 'bond.*',
    });
    expect(found.warnings).toEqual([expect.stringContaining('honor_labels')]);
  });

  test.each([
    ['cilium', 'cilium-hubble'],
    ['hubbleAlone', 'cilium-hubble'],
    ['retinaOnCilium', 'retina-hubble'],
  ] as const)('%s: Hubble of Retina or of Cilium is %s', async (name, source) => {
    expect(valuesOf(await seen(name))['source']).toBe(source);
  });

  test('an empty Prometheus', async () => {
    const found = await seen('nothing');
    expect(valuesOf(found)).toEqual({});
    expect(found.warnings).toEqual([
      expect.stringContaining('no kube_node_info'),
      expect.stringContaining('no counters of a flow source'),
    ]);
  });
});

test('init answers by what it sees, says so, and what it writes builds', async () => {
  await inTempDir(async (dir) => {
    const { code, stdout, stderr } = await run(dir, 'init', '--prometheus', running.url ?? '');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('source: retina-hubble (series of hubble_flows_processed_total)');
    expect(stdout).toContain("region: eu-west-1 (a node's provider ID is aws:///eu-west-1a/i-1)");
    const text = await readFile(join(dir, 'azimuth.yaml'), 'utf8');
    expect(text).toContain(`cluster: {name: ${CLUSTER.name}}`);
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    expect((await run(dir, 'build', '--quiet')).code).toBe(0);
    expect((await run(dir, 'check')).code).toBe(0);
  });
});
