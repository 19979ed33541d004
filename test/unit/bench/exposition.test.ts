import { describe, expect, test } from '@jest/globals';
import { renderExposition } from '../../../bench/exposition.ts';
import { generateCluster } from '../../../bench/generate.ts';
import type { MetricFamily } from '../../../bench/model.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { targetsOf } from '../../../bench/targets.ts';
import { promtool } from '../../../bench/process/prometheus.ts';

const BACKSLASH = '\\';

function counter(name: string, series: readonly (readonly [Record<string, string>, number, number])[]): MetricFamily {
  return {
    name,
    help: `Counts ${name}.`,
    type: 'counter',
    series: series.map(([labels, start, perSecond]) => ({ metric: name, labels, start, perSecond })),
  };
}

describe('the exposition', () => {
  const families = [
    counter('zebras_total', [[{}, 7, 0]]),
    counter('ants_total', [
      [{ z: '1', a: 'y' }, 100, 0.7],
      [{ z: '1', a: 'x' }, 0, 3],
    ]),
    counter('bees_total', []),
  ];

  test('is sorted, has integers, and leaves out empty families', () => {
    expect(renderExposition(families, 5)).toBe(
      [
        '# HELP ants_total Counts ants_total.',
        '# TYPE ants_total counter',
        'ants_total{a="x",z="1"} 15',
        'ants_total{a="y",z="1"} 103',
        '# HELP zebras_total Counts zebras_total.',
        '# TYPE zebras_total counter',
        'zebras_total 7',
        '',
      ].join('\n'),
    );
  });

  test('does not depend on the order of families, series and labels', () => {
    const reversed = families.toReversed().map((family) => ({
      ...family,
      series: family.series.toReversed().map((series) => ({
        ...series,
        labels: Object.fromEntries(Object.entries(series.labels).toReversed()),
      })),
    }));
    expect(renderExposition(reversed, 5)).toBe(renderExposition(families, 5));
  });

  test('keeps the fraction of a gauge', () => {
    const gauge: MetricFamily = {
      name: 'load',
      help: '',
      type: 'gauge',
      series: [{ metric: 'load', labels: {}, start: 0.5, perSecond: 0 }],
    };
    expect(renderExposition([gauge], 100)).toContain('\nload 0.5\n');
  });

  test('escapes backslashes, quotes and line feeds', async () => {
    const awkward = `a${BACKSLASH}b"c\nd`;
    const page = renderExposition([{ ...counter('odd_total', [[{ path: awkward }, 1, 0]]), help: awkward }], 0);
    expect(page).toBe(
      [
        `# HELP odd_total a${BACKSLASH}${BACKSLASH}b"c${BACKSLASH}nd`,
        '# TYPE odd_total counter',
        `odd_total{path="a${BACKSLASH}${BACKSLASH}b${BACKSLASH}"c${BACKSLASH}nd"} 1`,
        '',
      ].join('\n'),
    );
    expect(await promtool(['check', 'metrics'], { input: page })).toMatchObject({ code: 0 });
  });
});

describe('the pages of a cluster', () => {
  const targets = targetsOf(generateCluster({ seed: 1, services: true }), {
    sources: SOURCE_IDS,
    kubeStateMetricsReplicas: 1,
  });
  const page = (job: string) => {
    const target = targets.find((candidate) => candidate.job === job);
    return target === undefined ? '' : renderExposition(target.families(), 60);
  };

  // Exit code 3 means that promtool could read the page but would have named a metric differently.
  test.each([...new Set(targets.map(({ job }) => job))])('are valid: %s', async (job) => {
    const result = await promtool(['check', 'metrics'], { input: page(job) });
    expect(result.stderr).not.toContain('error while linting');
    expect([0, 3]).toContain(result.code);
  });

  test('would be refused if they were not valid', async () => {
    const broken = page('ethtool').replace('ens5"', 'ens5');
    expect(await promtool(['check', 'metrics'], { input: broken })).toMatchObject({ code: 1 });
  });
});
