import { describe, expect, test } from '@jest/globals';
import { describedSizes, mapSizes } from '../../../../generators/components/cilium/map-sizes.ts';

describe('sizes of maps', () => {
  // Upstream: Cilium, Documentation/network/ebpf/maps.rst, which doubles a rounded number, and whose last row is that of 480 GiB.
  test.each([
    [3.75, 131_072],
    [7.5, 131_072],
    [15, 142_280],
    [30, 284_560],
    [60, 569_120],
    [120, 1_138_240],
    [240, 2_276_480],
  ])('with %s GiB and the default ratio: %i connections of TCP', (memory, entries) => {
    expect(Math.abs(mapSizes(0.0025, memory).tcp - entries)).toBeLessThanOrEqual(4);
  });

  test('grow with the ratio, between the fewest and the most', () => {
    expect(mapSizes(0.01, 30).tcp).toBeGreaterThan(3.99 * mapSizes(0.0025, 30).tcp);
    expect(mapSizes(0.0025, 1)).toEqual({ tcp: 131_072, any: 65_536, nat: 131_072 });
    expect(mapSizes(0.1, 4096)).toEqual({ tcp: 16_777_216, any: 16_777_216, nat: 16_777_216 });
    const { tcp, any, nat } = mapSizes(0.01, 64);
    expect([Math.round(tcp / any), nat]).toEqual([2, tcp]);
  });

  test('are told in the words of the comment', () => {
    expect(describedSizes(0.0025)).toBe(
      '16 GiB: 151,765 TCP and 75,882 other connections, 151,765 translations; ' +
        '64 GiB: 607,062 TCP and 303,531 other connections, 607,062 translations; ' +
        '256 GiB: 2,428,250 TCP and 1,214,125 other connections, 2,428,250 translations',
    );
  });
});
