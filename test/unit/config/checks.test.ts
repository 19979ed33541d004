import { describe, expect, test } from '@jest/globals';
import { generate, RULES } from '../../support/generate.ts';
import { complaints } from '../../support/problems.ts';

describe('durations that do not fit each other', () => {
  const why = '4 scrape intervals, and an evaluation interval plus a scrape interval; a shorter window misses jumps';

  test.each([
    ['less than four scrape intervals', { scrape: { interval: '2m' } }, '5m', 480],
    ['less than an evaluation and a scrape', { rules: { interval: '5m' } }, '5m', 330],
    ['less than both', { rules: { window: '1m' } }, '1m', 120],
  ])('a window of %s', (_name, given, window, least) => {
    expect(complaints(given)).toEqual([`rules.window: got "${window}", expected at least ${least}s (${why})`]);
  });

  test('a window that just fits', () => {
    expect(complaints({ rules: { window: '2m' } })).toEqual([]);
    expect(complaints({ rules: { window: '119s' } })).toHaveLength(1);
  });

  test('but for a lookback shorter than the window, which is then as long', () => {
    const rules = { window: '15m', infoLookback: '10m' };
    expect(complaints({ rules })).toEqual([]);
    const text = generate({ rules }).file(RULES.zoneTraffic);
    expect(text).toContain('last_over_time(kube_node_info{node!=""}[15m])');
    expect(text).not.toContain('[10m');
  });

  test('nothing at all', () => {
    expect(complaints({ scrape: { interval: '0s' }, rules: { interval: '0m' } })).toEqual([
      'scrape.interval: got "0s", must be greater than 0s',
      'rules.interval: got "0m", must be greater than 0s',
    ]);
  });

  test('are not compared while one of them is wrong', () => {
    expect(complaints({ scrape: { interval: 'often' }, rules: { window: '1s' } })).toHaveLength(1);
  });

  test('tell what is needed in few digits', () => {
    const [line] = complaints({ scrape: { interval: '700ms' }, rules: { interval: '1s', window: '1s' } });
    expect(line).toMatch(/expected at least 2\.8s/);
  });
});

test('there must be something to generate', () => {
  expect(complaints({ flows: { source: 'none' }, ethtool: { exporter: 'none' } })).toEqual([
    'flows.source: got "none", expected a flow source, as ethtool.exporter is none too and nothing would be generated',
  ]);
});

test.each(['/etc/passwd', '../mine.json', 'dashboards/../../x', '..'])('%s cannot be kept', (path) => {
  expect(complaints({ keep: ['dashboards/grafana/mine.json', path] })).toEqual([
    `keep.1: got ${JSON.stringify(path)}, expected a path inside the output folder such as dashboards/grafana/mine.json`,
  ]);
});
