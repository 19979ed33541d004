import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { advise, type End, type Observed, workloadKey } from '../../generators/advise/index.ts';

const ZONES = ['a', 'b', 'c', 'unknown'];
const NAMES = ['web', 'api', 'pay', 'db'];
const end: fc.Arbitrary<End> = fc.record({
  namespace: fc.constant('shop'),
  type: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'Node', 'External'),
  workload: fc.constantFrom(...NAMES),
  zone: fc.constantFrom(...ZONES),
});
const PARTS = 4;
const counts = fc.array(fc.nat(3), { minLength: PARTS, maxLength: PARTS });
const zoneCounts = fc
  .array(fc.tuple(fc.constantFrom(...ZONES), fc.integer({ min: 1, max: 4 })), { maxLength: 3 })
  .map((entries) => new Map(entries));
const observed: fc.Arbitrary<Observed> = counts.chain((evaluations) =>
  fc.record({
    cluster: fc.constant(''),
    counts: fc.constant(evaluations),
    pairs: fc.array(
      fc.record({
        source: end,
        destination: end,
        sums: fc
          .array(fc.nat(100), { minLength: PARTS, maxLength: PARTS })
          .map((sums) => sums.map((sum, part) => sum * (evaluations[part] ?? 0))),
      }),
      { maxLength: 30 },
    ),
    distant: fc.array(
      fc.record({
        name: fc.constantFrom('s3', 'vendor'),
        zone: fc.constantFrom('storage', 'internet', 'us-east-1'),
        isThroughNat: fc.boolean(),
        sums: fc
          .array(fc.nat(100), { minLength: PARTS, maxLength: PARTS })
          .map((sums) => sums.map((sum, part) => sum * (evaluations[part] ?? 0))),
      }),
      { maxLength: 4 },
    ),
    services: fc.array(
      fc.record({
        namespace: fc.constant('shop'),
        name: fc.constantFrom(...NAMES),
        routing: fc.constantFrom('none', 'Auto', 'trafficDistribution', undefined),
        endpoints: zoneCounts,
        hintedZones: fc.subarray(ZONES).map((zones) => new Set(zones)),
        hinted: fc.constantFrom(0, 0.5, 1),
        workloads: fc.array(
          fc.record({ type: fc.constantFrom('Deployment', 'StatefulSet'), workload: fc.constantFrom(...NAMES) }),
          { maxLength: 2 },
        ),
      }),
      { maxLength: 5 },
    ),
    pods: fc
      .array(fc.tuple(fc.constantFrom(...NAMES), zoneCounts), { maxLength: 4 })
      .map(
        (all) =>
          new Map(
            all.map(([workload, zones]) => [workloadKey({ namespace: 'shop', type: 'Deployment', workload }), zones]),
          ),
      ),
    unattributed: fc.double({ min: 0, max: 1, noNaN: true }),
    lost: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
);

test('advice never promises more than what crosses zones, and never the same traffic twice', () => {
  fc.assert(
    fc.property(observed, fc.boolean(), (seen, isAuto) => {
      const { findings, total, left } = advise([seen], { perUnit: 1, isAuto, nat: { perUnit: 3, region: '' } });
      const saved = findings.reduce((sum, { saves }) => sum + saves.value, 0);
      const rest = left.reduce((sum, { amount }) => sum + amount, 0);
      expect(saved + rest).toBeLessThanOrEqual(total * (1 + 1e-9) + 1e-6);
      const routed = findings.flatMap(({ change }) => (change.kind === 'route' ? change.services : []));
      // Every Service that is to be routed has an address, and no hints yet.
      const can = new Set(
        seen.services.flatMap((one) => (one.routing !== undefined && one.hintedZones.size === 0 ? [one.name] : [])),
      );
      expect(routed.filter(({ name }) => !can.has(name))).toEqual([]);
      const added = findings.flatMap(({ change }) => (change.kind === 'replicas' ? change.zones : []));
      expect(added.filter(({ pods }) => pods < 1)).toEqual([]);
      for (const { saves } of findings) {
        expect(saves.value).toBeGreaterThan(0);
        expect(saves.low).toBeLessThanOrEqual(saves.value);
        expect(saves.high).toBeGreaterThanOrEqual(saves.value);
        expect(Number.isFinite(saves.high)).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

test('twice the traffic saves twice as much by the same changes', () => {
  fc.assert(
    fc.property(observed, (seen) => {
      const doubled = <T extends { readonly sums: readonly number[] }>(all: readonly T[]) =>
        all.map((one) => ({ ...one, sums: one.sums.map((sum) => 2 * sum) }));
      const double = { ...seen, pairs: doubled(seen.pairs), distant: doubled(seen.distant) };
      const options = { perUnit: 1, isAuto: false, nat: { perUnit: 3, region: '' } };
      const [once, twice] = [seen, double].map((each) => advise([each], options));
      expect(twice?.findings.map(({ change }) => change.kind)).toEqual(once?.findings.map(({ change }) => change.kind));
      for (const [index, { saves }] of (once?.findings ?? []).entries()) {
        expect(twice?.findings[index]?.saves.value).toBeCloseTo(2 * saves.value, -2);
      }
    }),
    { numRuns: 200 },
  );
});
