import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { generate } from '../../../support/generate.ts';

const values = (retina: object = {}) =>
  load(generate({ flows: { source: 'retina-standard' }, retina }).file('helm-values/retina.yaml'));

test('everything that remote context needs is on', () => {
  expect(values()).toMatchObject({
    operator: { enabled: true, tag: 'v1.2.6' },
    image: { tag: 'v1.2.6' },
    enabledPlugin_linux: expect.stringContaining('"packetparser"'),
    enablePodLevel: true,
    remoteContext: true,
    bypassLookupIPOfInterest: true,
    namespace: 'kube-system',
  });
});

test('no key that no template of the chart reads', () => {
  // enableRetinaEndpoint stands in its values.yaml only. Upstream: Retina, v1.0.0 to v1.2.6, templates/operator-configmap.yaml.
  expect(values()).not.toHaveProperty('operator.enableRetinaEndpoint');
});

test.each(['low', 'high'])('a packet counts once, regardless of the level for Hubble: %s', (dataAggregationLevel) => {
  expect(values({ dataAggregationLevel })).toMatchObject({ dataAggregationLevel: 'high' });
});

test.each([{ include: ['shop'] }, { exclude: ['batch'] }])(
  'with namespaces %j, packets are looked up',
  (namespaces) => {
    expect(values({ namespaces })).toMatchObject({ bypassLookupIPOfInterest: false, filterMapMaxEntries: 65_536 });
  },
);

describe('settings that came with a release', () => {
  test.each([
    ['v1.1.0', false, false],
    ['v1.2.0', true, false],
    ['v1.2.3', true, false],
    ['v1.2.4', true, true],
  ])('%s: size of the map %s, report interval %s', (version, size, interval) => {
    const given = values({ version });
    expect('filterMapMaxEntries' in Object(given)).toBe(size);
    expect('conntrackReportInterval' in Object(given)).toBe(interval);
  });
});
