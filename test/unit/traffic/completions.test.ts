import { describe, expect, test } from '@jest/globals';
import { generateCluster } from '../../../bench/generate.ts';
import type { Series } from '../../../bench/model.ts';
import { SOURCE_IDS } from '../../../bench/sources/index.ts';
import { conditionsOn, type Matchers } from '../../../generators/promql/index.ts';
import { inputsOf } from '../../../generators/traffic/input.ts';
import { completionRules } from '../../../generators/traffic/records/completions.ts';
import type { FlowSource, Selection } from '../../../generators/traffic/source.ts';
import { exposed } from '../../support/exposed.ts';
import { generate } from '../../support/generate.ts';
import { adapterOf } from '../../support/registry.ts';

const cluster = generateCluster({
  seed: 5,
  services: true,
  nodeTraffic: true,
  hostNetworkTraffic: true,
  externalPeers: 2,
});

/** Whether Prometheus would select a series. */
const selects = (matchers: Matchers, { labels }: Series): boolean =>
  Object.entries(matchers).every(([label, condition]) =>
    conditionsOn(condition).every(({ operator, value }) => {
      const own = labels[label] ?? '';
      const is = operator.includes('~') ? new RegExp(`^(?:${value})$`).test(own) : own === value;
      return operator.startsWith('!') ? !is : is;
    }),
  );

/** Series that a selection counts, and that complete it as well. */
function countedTwice({ matchers, completions = [] }: Selection, series: readonly Series[]): readonly Series[] {
  return series.filter((one) => selects(matchers, one) && completions.some((more) => selects(more.matchers, one)));
}

describe.each(SOURCE_IDS)('%s', (id) => {
  const source: FlowSource = adapterOf(id);
  const [first, ...others] = Object.values(source.selections);

  test('completes its default selection only', () => {
    expect(others.filter(({ completions }) => completions !== undefined)).toEqual([]);
    const flows = { units: ['flows', 'packets', 'bytes'] as const };
    for (const { completions } of inputsOf({ ...flows, select: 'protocol="TCP"' }, source)) {
      expect(completions).toEqual([]);
    }
  });

  test('takes no series for what it misses that it counts', () => {
    const series = exposed(id, cluster).flat();
    expect(first && countedTwice(first, series)).toEqual([]);
  });

  test('finds what it misses among its series', () => {
    const series = exposed(id, cluster).flat();
    for (const { matchers } of first?.completions ?? []) {
      expect(series.filter((one) => selects(matchers, one))).not.toEqual([]);
    }
  });

  test('says how far its bytes are from those that are billed, if it counts bytes', () => {
    const countsBytes = Object.values(source.selections).some(({ metrics }) => 'network_bytes' in metrics);
    expect(source.byteError !== undefined).toBe(countsBytes);
  });
});

test('a completion that overlaps with its selection is found', () => {
  const { selections } = adapterOf('retina-hubble');
  const [server] = Object.values(selections);
  if (server === undefined) throw new Error('no selection');
  const greedy = { ...server, completions: [{ gap: 'outside', matchers: { type: 'Trace' } }] } as const;
  expect(countedTwice(greedy, exposed('retina-hubble', cluster).flat())).not.toEqual([]);
});

test('a source without addresses cannot be completed: nothing would prove where a pod is', () => {
  const { config } = generate();
  const source = adapterOf('retina-hubble');
  const { ip: _ip, ...unaddressed } = source.ends.source;
  const [input] = inputsOf(config.flows, { ...source, ends: { ...source.ends, source: unaddressed } });
  if (input === undefined) throw new Error('no input');
  const traffic = { ...config, inputs: [input], sources: [input.source] } as unknown as Parameters<
    typeof completionRules
  >[0];
  expect(() => completionRules(traffic, input)).toThrow(
    new TypeError('retina-hubble has completions, so its source needs a namespace, a pod and an address'),
  );
});
