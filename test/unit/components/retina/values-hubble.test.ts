import { describe, expect, test } from '@jest/globals';
import { atLeast } from '../../../../generators/shared/version.ts';
import { hubbleContext, readLabels } from '../../../support/exported.ts';
import { generate } from '../../../support/generate.ts';
import { retinaValues } from '../../../support/values.ts';

const release = (version: string, dataAggregationLevel = 'low') =>
  retinaValues({ retina: { version, dataAggregationLevel } });

const RELEASES = ['v0.0.31', 'v0.0.34', 'v1.0.0', 'v1.2.3', 'v1.2.4', 'v1.2.6'];

describe('settings that came or changed with a release', () => {
  test.each(RELEASES)('%s enables metrics of connection tracking, even if it does not have them yet', (version) => {
    expect(release(version)).toMatchObject({ enableConntrackMetrics: true });
  });

  test.each(['v0.0.31', 'v0.0.34', 'v0.99.99'])('%s has the settings that it needs', (version) => {
    const values = release(version);
    expect(values).toMatchObject({ remoteContext: true, bypassLookupIPOfInterest: false });
    expect(values['agent']).not.toHaveProperty('tolerations');
    expect(values.hubble.metrics.enabled).toContainEqual(expect.stringMatching(/^dns:query;/));
  });

  test.each(['v1.0.0', 'v1.2.3', 'v1.2.6', 'v2.0.0', 'v10.0.0'])('%s keeps the flows of pods', (version) => {
    const values = release(version);
    expect(values).toMatchObject({ bypassLookupIPOfInterest: true, agent: { tolerations: [{ operator: 'Exists' }] } });
    expect(values).not.toHaveProperty('remoteContext');
    expect(values.hubble.metrics.enabled.join(' ')).not.toContain('query');
  });

  // The chart reads requests from v0.0.34 on. Upstream: Retina, deploy/hubble, templates/agent/daemonset.yaml.
  test.each([
    ['v0.0.33', false],
    ['v0.0.34', true],
  ])('%s has separate requests: %s', (version, has) => {
    const { resources } = release(version) as unknown as { resources: object };
    expect('requests' in resources).toBe(has);
    expect(resources).toMatchObject({ limits: { cpu: '500m', memory: '500Mi' } });
  });

  test('the report interval is for high aggregation from v1.2.4 on', () => {
    const withInterval = RELEASES.flatMap((version) =>
      ['low', 'high']
        .filter((level) => 'conntrackReportInterval' in release(version, level))
        .map((level) => `${version} ${level}`),
    );
    expect(withInterval).toEqual(['v1.2.4 high', 'v1.2.6 high']);
    expect(release('v1.2.4', 'high')).toMatchObject({ dataAggregationLevel: 'high', conntrackReportInterval: '30s' });
  });
});

test.each([
  ['v1.2.3', 'v1.2.3', true],
  ['v1.2.4', 'v1.2.3', true],
  ['v1.2.2', 'v1.2.3', false],
  ['v1.10.0', 'v1.9.9', true],
  ['v1.9.9', 'v1.10.0', false],
  ['v2.0.0', 'v1.9.9', true],
  ['v0.9.9', 'v1.0.0', false],
  ['v10.0.0', 'v9.0.0', true],
])('%s is at least %s: %s', (tag, least, expected) => {
  expect(atLeast(tag, least)).toBe(expected);
});

describe("Hubble's metrics", () => {
  test.each(RELEASES)('of %s put exactly the labels on a flow that the adapter reads', (version) => {
    const generated = generate({ retina: { version } });
    const { hubble_flows_processed_total: read = [] } = readLabels(generated);
    const given = new Set(['protocol', 'type', 'subtype', 'verdict']);
    expect(hubbleContext(generated, 'retina-hubble').toSorted()).toEqual(read.filter((label) => !given.has(label)));
  });

  test.each(RELEASES)('of %s are entries without spaces, which the chart would split', (version) => {
    const { enabled } = release(version).hubble.metrics;
    expect(enabled.map((entry) => entry.split(':')[0])).toEqual(['flow', 'dns', 'tcp', 'drop']);
    expect(enabled.filter((entry) => /\s/.test(entry))).toEqual([]);
  });
});

test('images carry the release, sizes are strings, and the plugins are a list inside a string', () => {
  const values = release('v1.2.3');
  expect(values).toMatchObject({
    operator: { tag: 'v1.2.3' },
    agent: { tag: 'v1.2.3', init: { tag: 'v1.2.3' } },
    hubble: { eventQueueSize: '32767', eventBufferCapacity: '8191' },
  });
  expect(JSON.parse(String(values['enabledPlugin_linux']))).toContain('packetparser');
});

test('the agents are where they are scraped', () => {
  expect(retinaValues({ retina: { namespace: 'retina' } })).toMatchObject({ namespace: 'retina' });
  expect(retinaValues()).toMatchObject({ namespace: 'kube-system' });
});
