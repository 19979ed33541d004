import { expect, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { INTERVAL } from './allowances-input.ts';
import { holdAll } from './held.ts';
import { truthOf } from './routing-truth.ts';
import { type Cluster, type Endpoint, type Pod, seriesOf, type Service } from './routing-world.ts';

const MINUTES = 12;

/** Pods of a workload, by zone; the name says which. */
const podsIn = (workload: string, zones: readonly string[], more: Partial<Pod> = {}): readonly Pod[] =>
  zones.map((zone, index) => ({
    namespace: 'shop',
    name: `${workload}-${index}`,
    zone,
    type: 'Deployment',
    workload,
    ...more,
  }));

let dealt = 0;
/** The endpoints of pods, each with a hint for its own zone or none. */
const behind = (pods: readonly Pod[], isHinted: (index: number) => boolean = () => false): readonly Endpoint[] =>
  pods.map(({ name, zone }, index) => ({
    address: `10.0.0.${(dealt += 1)}`,
    zone,
    pod: name,
    ...(isHinted(index) && { hints: [zone] }),
  }));

const service = (name: string, endpoints: readonly Endpoint[], more: Partial<Service> = {}): Service => ({
  namespace: 'shop',
  name,
  slices: { [`${name}-1`]: endpoints },
  ...more,
});

const cart = podsIn('cart', ['a', 'b', 'c']);
const web = podsIn('web', ['a', 'a', 'a', 'b']);
const ledger = podsIn('ledger', ['a', 'b', 'c', 'c'], { type: 'StatefulSet' });
const done = podsIn('batch', ['a', 'b'], { phase: 'Succeeded' });
const lost = podsIn('lost', ['unknown', 'a']);
const to = (workload: string, type = 'Deployment') => ({ namespace: 'shop', type, workload });
const auto = { annotations: { mode: 'Auto' } };

/** Everything that a Service can be, in a cluster of three zones with nodes that count and nodes that do not. */
const THREE: Cluster = {
  name: 'c1',
  nodes: [
    { name: 'n1', zone: 'a', cores: 4 },
    { name: 'n2', zone: 'b', cores: 4 },
    { name: 'n3', zone: 'c', cores: 6 },
    { name: 'n4', zone: 'c', cores: 2, role: 'worker' },
    { name: 'n5', zone: 'd', cores: 4, role: 'control-plane' },
    { name: 'n6', zone: 'e', cores: 4, isReady: false },
    { name: 'n7', zone: '', cores: 4, isReady: false },
  ],
  pods: [...cart, ...web, ...ledger, ...done, ...lost],
  services: [
    service(
      'cart',
      behind(cart, () => true),
    ),
    // The same pods, by another Service: traffic counts for both.
    service('cart-internal', behind(cart)),
    service(
      'web',
      behind(web, () => true),
    ),
    service(
      'partial',
      behind(web, (index) => index > 0),
      auto,
    ),
    // Hints need not be for the zone of the endpoint, and one address may be in two slices for a moment.
    service('moved', [], {
      ...auto,
      slices: {
        'moved-1': [
          { address: '10.0.1.1', zone: 'a', pod: 'web-0', hints: ['b'] },
          { address: '10.0.1.2', zone: 'a', pod: 'web-1', hints: ['c'] },
        ],
        'moved-2': [{ address: '10.0.1.1', zone: 'a', pod: 'web-0', hints: ['b'] }],
      },
    }),
    service('refused', behind(ledger), auto),
    service('few', behind(cart.slice(0, 2)), { annotations: { mode: 'auto' } }),
    service('zoneless', [...behind(ledger), { address: '10.0.2.1', zone: '', pod: '' }], auto),
    service('older', behind(ledger), { annotations: { mode: 'Auto', older: 'Disabled' } }),
    service('older-auto', behind(ledger), { annotations: { mode: 'Disabled', older: 'auto' } }),
    service('headless', behind(ledger), { isHeadless: true }),
    service('unready', [{ address: '10.0.2.2', zone: 'a', pod: 'cart-0', isReady: false }]),
    service('dual', [
      { address: '10.0.3.1', zone: 'a', pod: 'cart-0', hints: ['a'] },
      { address: 'fd00::1', zone: 'a', pod: 'cart-0', hints: ['a'] },
      { address: '10.0.3.2', zone: 'b', pod: 'cart-1', hints: ['b'] },
      { address: 'fd00::2', zone: 'b', pod: 'cart-1' },
    ]),
    service('nobody', [{ address: '10.0.4.1', zone: 'a', pod: 'gone' }]),
  ],
  calls: [
    { from: 'x', to: to('cart'), zones: ['a', 'a'], rate: 5 },
    { from: 'x', to: to('cart'), zones: ['a', 'b'], rate: 3 },
    { from: 'y', to: to('cart'), zones: ['c', 'b'], rate: 2 },
    { from: 'y', to: to('cart'), zones: ['unknown', 'b'], rate: 100 },
    { from: 'x', to: to('web'), zones: ['c', 'a'], rate: 7 },
    { from: 'x', to: to('web'), zones: ['d', 'a'], rate: 11 },
    { from: 'x', to: to('ledger', 'StatefulSet'), zones: ['b', 'b'], rate: 13 },
    { from: 'x', to: to('ledger'), zones: ['a', 'b'], rate: 1000 },
    { from: 'x', to: to('none'), zones: ['a', 'b'], rate: 17 },
  ],
};

/** The same names in clusters that cannot have hints: one zone, a node without CPU, a node without a zone. */
const OTHERS: readonly Cluster[] = [
  [{ name: 'n1', zone: 'a', cores: 4 }],
  [
    { name: 'n1', zone: 'a', cores: 4 },
    { name: 'n2', zone: 'b', cores: 0 },
    { name: 'n3', zone: 'c', cores: 4 },
  ],
  [
    { name: 'n1', zone: 'a', cores: 4 },
    { name: 'n2', zone: '', cores: 4 },
    { name: 'n3', zone: 'c', cores: 4 },
  ],
].map((nodes, index) => ({
  name: `c${index + 2}`,
  nodes,
  pods: cart,
  services: [service('cart', behind(cart), auto), service('web', behind(web))],
  calls: [{ from: 'x', to: to('cart'), zones: ['a', 'b'], rate: 1 }],
}));

/** A cluster of which only pods are told: no node, so no zones to compare with. */
const BARE: Cluster = { name: 'c5', nodes: [], pods: web, services: [], calls: [] };

test('every record on routing holds what is true of Services, nodes and workloads, and nothing else', async () => {
  const clusters = [THREE, ...OTHERS, BARE];
  const truth = truthOf([THREE, ...OTHERS]);
  expect(Object.entries(truth).filter(([, held]) => held.length < 2)).toEqual([]);
  const reasons = new Set((truth['service:hints_missing:info'] ?? []).map(([{ reason }]) => reason));
  expect(reasons.size).toBe(5);
  const bare = truthOf([BARE]);
  const all = {
    ...truth,
    'workload_zone:running_pods:count': [
      ...(truth['workload_zone:running_pods:count'] ?? []),
      ...(bare['workload_zone:running_pods:count'] ?? []),
    ],
  };
  const world = {
    name: 'routing',
    interval: INTERVAL,
    input_series: seriesOf(clusters, MINUTES),
    promql_expr_test: holdAll(all, `${MINUTES}m`),
  };
  await testRules([generate().file(RULES.routing)], [world], `${MINUTES}m`);
});
