import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { NETOBSERV_EXTRA, netobservExported, readLabels } from '../../../support/exported.ts';
import { generate } from '../../../support/generate.ts';

describe('NetObserv exports what the rules read, and otherwise only the labels that it always adds', () => {
  test.each([
    ['by default', {}],
    ['bytes alone', { units: ['bytes'] }],
    ['the other end', { select: 'egress' }],
    ['custom matchers', { select: 'SrcK8S_Namespace!="batch"' }],
  ])('%s', (_name, flows) => {
    const generated = generate({ flows: { source: 'netobserv', ...flows } });
    const read = Object.entries(readLabels(generated)).map(([metric, labels]) => [
      metric,
      [...labels, ...NETOBSERV_EXTRA].toSorted(),
    ]);
    expect(netobservExported(generated)).toEqual(Object.fromEntries(read));
  });
});

test('the collector counts all packets, where it is scraped, and without Loki', () => {
  const given = { flows: { source: 'netobserv' }, netobserv: { namespace: 'flows', port: 9102 } };
  expect(load(generate(given).file('manifests/flow-collector.yaml'))).toMatchObject({
    apiVersion: 'flows.netobserv.io/v1beta2',
    kind: 'FlowCollector',
    metadata: { name: 'cluster' },
    spec: {
      namespace: 'flows',
      agent: { ebpf: { sampling: 1, metrics: { enable: true, server: { port: 9400 } } } },
      processor: { addZone: true, metrics: { server: { port: 9102 } } },
      loki: { enable: false },
    },
  });
});

test.each([
  [1, []],
  [50, ['1 packet in 50 is counted and none rescaled, so bytes, packets and cost are 50 times too low']],
])('sampling 1 in %d', (sampling, reasons) => {
  const { warnings } = generate({ flows: { source: 'netobserv' }, netobserv: { sampling } });
  const about = warnings.filter(({ settings }) => settings.includes('netobserv.sampling'));
  expect(about.map(({ reason }) => reason)).toEqual(reasons);
});
