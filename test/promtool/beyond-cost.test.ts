import { describe, expect, test } from '@jest/globals';
import { groupsOf } from '../../mutation/rules.ts';
import { generate, RULES } from '../support/generate.ts';
import { seriesText } from '../support/rule-test.ts';
import { expectAnswers, INTERVAL } from './allowances-input.ts';
import { summed } from './scenario.ts';

/** An end: namespace, workload, zone, and the reason that the rules before give it. */
type End = readonly [namespace: string, workload: string, zone: string, reason: string];

const US: Readonly<Record<string, End>> = {
  web: ['shop', 'web', 'zone-a', ''],
  'web in another zone': ['shop', 'web', 'zone-b', ''],
  // A workload of the cluster with the name of an end beyond it.
  s3: ['shop', 's3', 'zone-b', ''],
  nobody: ['unknown', 'unknown', 'unknown', 'gone'],
  nodes: ['_nodes_', 'nodes', 'zone-a', ''],
};

const THEM: Readonly<Record<string, End>> = {
  anyone: ['_external_', 'external', 'internet', 'internet'],
  vendor: ['_external_', 'vendor', 'internet', 'internet'],
  s3: ['_external_', 's3', 'storage', 'internet'],
  's3 elsewhere': ['_external_', 's3', 'us-west-2', 'cross_region'],
  gcs: ['_external_', 'gcs', 'storage', 'internet'],
  dynamo: ['_external_', 'dynamo', 'internet', 'internet'],
  'dynamo elsewhere': ['_external_', 'dynamo', 'us-east-1', 'cross_region'],
  dr: ['_external_', 'dr', 'us-east-1', 'cross_region'],
  // A range of the cluster in another region, of which no workload is known.
  ours: ['unknown', 'unknown', 'us-east-1', 'cross_region'],
};

/** Within the region: nothing of that is priced here. */
const NEAR: Readonly<Record<string, End>> = {
  's3 of the cluster': US['s3'] as End,
  minio: ['_external_', 'vendor', 'zone-b', ''],
  'on premises': ['_external_', 's3', 'unknown', 'outside'],
};

const PRICES = { internet: 0.09, cross_region: 0.02, nat: 0.05 };
const MONEY = {
  cloud: { region: 'eu-west-1', price: { internetPerGB: 0.09, crossRegionPerGB: 0.02, natPerGB: 0.05 } },
  flows: {
    source: 'obi',
    external: [
      { name: 'vendor', kind: 'internet', cidrs: ['52.0.0.0/8'], through: 'nat' },
      { name: 's3', kind: 'storage', cidrs: ['52.1.0.0/16'], through: 'nat' },
      { name: 's3', kind: 'storage', region: 'us-west-2', cidrs: ['52.1.2.0/24'] },
      { name: 'gcs', kind: 'storage', cidrs: ['52.3.0.0/16'], through: 'direct' },
      { name: 'dynamo', kind: 'database', cidrs: ['52.4.0.0/16'], through: 'endpoint' },
      { name: 'dr', kind: 'database', region: 'us-east-1', cidrs: ['10.8.0.0/16'] },
    ],
  },
  obi: { addresses: true },
  targets: ['prometheus'],
} as const;

interface Traffic {
  readonly cluster: string;
  readonly source: End;
  readonly destination: End;
  /** Gigabytes per second. */
  readonly rate: number;
}

/** Everybody of the cluster with everything, both ways, in two clusters, and ends beyond it with each other; no rate is there twice. */
const TRAFFIC: readonly Traffic[] = (() => {
  const all = ['one', 'two'].flatMap((cluster) => [
    ...Object.values(US).flatMap((us) =>
      Object.values({ ...THEM, ...NEAR }).flatMap((them) => [
        { cluster, source: us, destination: them },
        { cluster, source: them, destination: us },
      ]),
    ),
    ...Object.values(THEM).flatMap((them) =>
      Object.values(THEM).map((other) => ({ cluster, source: them, destination: other })),
    ),
  ]);
  const once = new Map(all.map((one) => [JSON.stringify(one), one]));
  return [...once.values()].map((one, index) => ({ ...one, rate: index + 1 }));
})();

const labelsOf = (side: string, [namespace, workload, zone, reason]: End) => ({
  [`${side}_namespace`]: namespace,
  [`${side}_workload_type`]: namespace === '_external_' ? 'External' : 'Deployment',
  [`${side}_workload`]: workload,
  [`${side}_zone`]: zone,
  [`${side}_reason`]: reason,
});

/** What is billed, pair by pair, as the price lists have it. */
function bills(): readonly { readonly labels: Readonly<Record<string, string>>; readonly rate: number }[] {
  const isFar = ([, , zone]: End): boolean => /^(?:internet|storage|us-.*)$/.test(zone);
  return TRAFFIC.flatMap(({ cluster, source, destination, rate }) => {
    if (isFar(source) === isFar(destination)) return [];
    const isSent = isFar(destination);
    const [us, them] = isSent ? [source, destination] : [destination, source];
    const [, name, place] = them;
    const isElsewhere = place.startsWith('us-');
    const classes = [
      ...(isSent && isElsewhere ? (['cross_region'] as const) : []),
      ...(isSent && place === 'internet' && name !== 'dynamo' ? (['internet'] as const) : []),
      ...(['vendor', 's3'].includes(name) ? (['nat'] as const) : []),
    ];
    return classes.map((one) => ({
      labels: {
        __name__: 'workload_external:network_cost:rate5m',
        cluster,
        namespace: us[0],
        workload_type: 'Deployment',
        workload: us[1],
        external: name,
        external_zone: place,
        class: one,
      },
      rate: rate * PRICES[one],
    }));
  });
}

describe('money beyond the cluster', () => {
  const input = TRAFFIC.map(({ cluster, source, destination, rate }) => ({
    series: seriesText('workload_pair:network_bytes_unclassified:rate5m', {
      cluster,
      ...labelsOf('source', source),
      ...labelsOf('destination', destination),
    }),
    values: `${rate * 1e9}x20`,
  }));
  const money = (text: string) =>
    JSON.stringify({ groups: groupsOf(text).filter(({ name }) => name === 'azimuth-network-cost') });
  const ask = async (given: object, exp_samples: readonly { labels: string; value: number }[], factor = 1) => {
    const names = '__name__="workload_external:network_cost:rate5m"';
    await expectAnswers(money(generate(given).file(RULES.zoneTraffic)), INTERVAL, input, [
      {
        // Without a name, as what is rounded has none.
        expr: `round(workload_external:network_cost:rate5m * ${factor}, 0.0001)`,
        eval_time: '10m',
        exp_samples: exp_samples.map(({ labels, value }) => ({ labels: labels.replace(names, ''), value })),
      },
    ]);
  };
  const expected = () =>
    summed(
      bills().map(({ labels, rate }) => {
        const { __name__: _name, ...others } = labels;
        return { labels: others, rate };
      }),
    ).map(({ labels, value }) => ({ labels, value: Number(value.toFixed(4)) }));

  test('the sender pays for the internet and other regions, and a NAT gateway is paid both ways on top', async () => {
    await ask(MONEY, expected());
  });

  test('a gigabyte may have 2^30 bytes', async () => {
    await ask({ ...MONEY, cloud: { ...MONEY.cloud, bytesPerGB: 2 ** 30 } }, expected(), 2 ** 30 / 1e9);
  });

  test('only what has a price', async () => {
    const price = { ...MONEY.cloud.price, crossRegionPerGB: 0, natPerGB: null };
    await ask(
      { ...MONEY, cloud: { region: 'eu-west-1', price } },
      expected().filter(({ labels }) => labels.includes('class="internet"')),
    );
  });

  test.each([
    ['without a price of any class', { cloud: { region: 'xx-nowhere-9' } }],
    ['without addresses', { obi: { addresses: false } }],
    ['without workloads', { flows: { ...MONEY.flows, granularity: 'zone' } }],
    ['without money at all', { cloud: { ...MONEY.cloud, provider: 'none', price: {} } }],
  ])('there is no rule %s', (_name, more) => {
    const { bundle } = generate({ ...MONEY, ...more });
    const texts = bundle.ruleFiles.map((file) => JSON.stringify(file));
    expect(texts.filter((text) => text.includes('workload_external'))).toEqual([]);
  });
});
