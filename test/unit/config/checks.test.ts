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
    expect(text).toMatch(/last_over_time\(kube_node_info\{node!=""[^}]*\}\[15m\]\)/);
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

  const forgotten = 'queries find a series for 5m after its last sample';
  const vmalert = ', and with vmalert the newest is up to two intervals old';

  test.each<[string, object, string | undefined]>([
    ['an evaluation just often enough', { rules: { interval: '5m', window: '6m' } }, undefined],
    ['one too rare', { rules: { interval: '301s', window: '1h' } }, `rules.interval: got "301s", expected at most 5m`],
    ['a scrape just often enough', { scrape: { interval: '5m' }, rules: { window: '20m' } }, undefined],
    ['one too rare', { scrape: { interval: '6m' } }, 'scrape.interval: got "6m", expected at most 5m'],
    [
      'pods and nodes too rarely',
      { kubeStateMetrics: { standalone: true, interval: '10m' } },
      'kubeStateMetrics.interval: got "10m", expected at most 5m',
    ],
    ['vmalert often enough', { rules: { ruler: 'vmalert', interval: '120s' } }, undefined],
    [
      'vmalert too rarely',
      { rules: { ruler: 'vmalert', interval: '3m' } },
      'rules.interval: got "3m", expected at most 2m',
    ],
  ])('intervals beyond which series are forgotten: %s', (_name, given, expected) => {
    const reason = `, as ${forgotten}${expected?.endsWith(' 2m') === true ? vmalert : ''}`;
    expect(complaints(given)).toEqual(expected === undefined ? [] : [expected + reason]);
  });

  test('pods and nodes never', () => {
    expect(complaints({ kubeStateMetrics: { standalone: true, interval: '0s' } })).toEqual([
      'kubeStateMetrics.interval: got "0s", must be greater than 0s',
    ]);
  });

  test('tell what is needed in few digits', () => {
    const [line] = complaints({ scrape: { interval: '700ms' }, rules: { interval: '1s', window: '1s' } });
    expect(line).toMatch(/expected at least 2\.8s/);
  });
});

test('there must be something to generate', () => {
  const off = { flows: { source: 'none' }, ethtool: { exporter: 'none' } };
  expect(
    complaints({ ...off, workloads: { resources: false }, dns: { enabled: false }, controlPlane: { enabled: false } }),
  ).toEqual([
    'flows.source: got "none", expected a flow source, as ethtool.exporter is none and workloads.resources, dns.enabled and controlPlane.enabled are false, so nothing would be generated',
  ]);
  expect(complaints(off)).toEqual([]);
  expect(complaints({ ...off, workloads: { resources: false }, dns: { enabled: false } })).toEqual([]);
  expect(complaints({ ...off, workloads: { resources: false } })).toEqual([]);
  expect(complaints({ ...off, dns: { enabled: false }, controlPlane: { enabled: false } })).toEqual([]);
});

test.each(['/etc/passwd', '../mine.json', 'dashboards/../../x', '..'])('%s cannot be kept', (path) => {
  expect(complaints({ keep: ['dashboards/grafana/mine.json', path] })).toEqual([
    `keep.1: got ${JSON.stringify(path)}, expected a path inside the output folder such as dashboards/grafana/mine.json`,
  ]);
});
