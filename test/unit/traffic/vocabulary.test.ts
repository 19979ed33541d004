import { describe, expect, test } from '@jest/globals';
import { generate } from '../../support/generate.ts';
import { complaints } from '../../support/problems.ts';
import { SOURCES } from '../../support/registry.ts';

/** What a build says of zones that it leaves out. */
const leftOut = (given: object): string[] =>
  generate(given).bundle.skipped.flatMap(({ kind, reason }) =>
    kind.startsWith('zones ') ? [`${kind}: ${reason}`] : [],
  );

/** The node labels that zones need; the dashboard of allowances and the rules on routing need others. */
const allowlist = (zones: object): unknown => {
  const generated = generate({ zones, ethtool: { exporter: 'none' }, routing: { records: false } });
  return /nodes=\[(.*)\]/.exec(generated.file('helm-values/kube-prometheus-stack.yaml'))?.[1];
};

const ID = 'topology.k8s.aws/zone-id';
const NAME = 'topology.kubernetes.io/zone';
const RACK = 'example.com/rack';

const byId = `zones are IDs: names are translated by nodes with both ${ID} and ${NAME}`;
const byRack = `zones.from begins with the label ${RACK}, which names zones differently`;
const byProvider = 'zones.from begins with provider IDs, which name zones differently';

describe('zones in another vocabulary are left out, and a build says so', () => {
  test.each([
    { zones: {}, said: [] },
    { zones: { nodeLabel: 'topology.gke.io/zone' }, said: [] },
    { zones: { from: ['provider-id'] }, said: [] },
    { zones: { from: ['provider-id', 'node-label'] }, said: [] },
    { zones: { nodeLabel: ID }, said: [`zones of provider IDs and obi whose ID is not known: ${byId}`] },
    { zones: { nodeLabel: ID, from: ['node-label'] }, said: [`zones of obi whose ID is not known: ${byId}`] },
    { zones: { nodeLabel: RACK }, said: [`zones of provider IDs and obi: ${byRack}`] },
    { zones: { nodeLabel: RACK, from: ['node-label'] }, said: [`zones of obi: ${byRack}`] },
    {
      zones: { nodeLabel: RACK, from: ['provider-id', 'node-label'] },
      said: [`zones of the label ${RACK}: ${byProvider}`],
    },
    {
      zones: { nodeLabel: ID, from: ['provider-id', 'node-label'] },
      said: [`zones of the label ${ID}: ${byProvider}`],
    },
  ])('$zones', ({ zones, said }) => {
    expect(leftOut({ flows: { source: 'obi' }, zones })).toEqual(said);
  });

  test('for each source that reports zones', () => {
    const named = SOURCES.filter(
      (source) => leftOut({ flows: { source }, zones: { nodeLabel: RACK, from: ['node-label'] } }).length > 0,
    );
    expect(named.toSorted()).toEqual(['beyla', 'netobserv', 'obi', 'retina-standard']);
  });
});

test.each([
  { zones: {}, labels: NAME },
  { zones: { nodeLabel: RACK }, labels: RACK },
  { zones: { nodeLabel: ID }, labels: `${ID},${NAME}` },
  { zones: { nodeLabel: RACK, from: ['provider-id', 'node-label'] }, labels: undefined },
  { zones: { nodeLabel: 'topology.gke.io/zone', from: ['provider-id', 'node-label'] }, labels: 'topology.gke.io/zone' },
])('kube-state-metrics exports $labels', ({ zones, labels }) => {
  expect(allowlist(zones)).toBe(labels);
});

describe('zones.valid', () => {
  test('is off but on Azure, and a build says when it is on', () => {
    expect(leftOut({})).toEqual([]);
    expect(leftOut({ cloud: { provider: 'gcp' } })).toEqual([]);
    const azure =
      'zones that are a number: cloud.provider is azure, where they are fault domains; zones.valid overrides this';
    expect(leftOut({ cloud: { provider: 'azure' } })).toEqual([azure]);
    const own = 'zones other than rack-.*: zones.valid refuses them';
    expect(leftOut({ zones: { valid: 'rack-.*' } })).toEqual([own]);
    expect(leftOut({ zones: { valid: 'rack-.*' }, cloud: { provider: 'azure' } })).toEqual([own]);
  });

  test.each([
    ['', 'it matches no zone'],
    ['(', 'missing closing )'],
    ['(?!0)', 'invalid or unsupported Perl syntax'],
  ])('%j is refused', (valid, why) => {
    expect(complaints({ zones: { valid } })).toEqual([
      expect.stringContaining(`zones.valid: got ${JSON.stringify(valid)}, expected`),
    ]);
    expect(complaints({ zones: { valid } })[0]).toContain(why);
  });

  test('records and the alert exist only where zones can be refused', () => {
    const text = (given: object) =>
      generate(given)
        .artifacts.map((artifact) => artifact.text)
        .join('');
    const [off, on] = [text({}), text({ zones: { valid: '.+' } })];
    for (const written of ['refused_zone', 'cluster_node:refused_zone:info', 'alert: ZoneInvalid']) {
      expect(off).not.toContain(written);
      expect(on).toContain(written);
    }
    expect(generate().bundle.skipped).toContainEqual({
      kind: 'alert',
      alert: 'ZoneInvalid',
      reason: 'zones.valid is null, so no zone is refused',
    });
  });
});
