import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { AGENTS } from '../../../conformance/agents/agents.ts';
import { CASES } from '../../../conformance/agents/cases.ts';
import { judged, lossesIn } from '../../../conformance/agents/judge.ts';
import { parseRecording, type Recording } from '../../../conformance/shared/recording.ts';

const FILE = 'test/recorded/obi-cross-node.txt';
const recording = parseRecording(FILE, readFileSync(FILE, 'utf8'));

const agentNamed = (id: string) => {
  const agent = AGENTS.find((one) => one.id === id);
  if (agent === undefined) throw new TypeError(`no agent ${id}`);
  return agent;
};
const plain = CASES.find(({ name }) => name === 'plain');
if (plain === undefined) throw new TypeError('no case plain');

const verdictOf = async (one: Recording) => {
  const outcome = await judged(agentNamed('obi'), plain, one);
  if (outcome.kind !== 'judged') throw new TypeError(outcome.reason);
  return outcome.verdict;
};

describe('the judge', () => {
  test('passes what was counted once', async () => {
    expect((await verdictOf(recording)).problems).toEqual([]);
  });

  test('fails a series that is counted twice, with its size', async () => {
    const doubled = recording.series.map((series) =>
      series.labels['k8s_src_name'] === 'db-p2a' && series.metric.endsWith('_bytes_total')
        ? { ...series, change: 2 * series.change }
        : series,
    );
    const { problems } = await verdictOf({ ...recording, series: doubled });
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(/db-p2a tx: off by 2093068/)]));
  });

  test('passes what a known limit explains, with its size, and nothing else', async () => {
    const merged = { ...plain, offloads: 'offloads-on' } as const;
    const changed = recording.series
      .filter(({ labels }) => labels['k8s_src_name'] !== 'db-p2a')
      .map((series) =>
        series.labels['k8s_src_name'] === 'api-p2b' ? { ...series, change: 2 * series.change } : series,
      );
    const outcome = await judged(agentNamed('obi'), merged, { ...recording, series: changed });
    const { notes = [], problems } = outcome.kind === 'judged' ? outcome.verdict : { problems: [outcome.reason] };
    expect(notes.join('\n')).toMatch(/db-p2a tx: off by -2093068\. With offloads/);
    expect(problems.join('\n')).toMatch(/api-p2b tx: off by 74760/);
    expect(problems.join('\n')).not.toContain('off by -');
  });
});

describe('losses', () => {
  const lost = (metric: string, change: number) => ({
    series: [{ node: 'n1', metric, labels: { type: 'kernel', reason: 'packetparser' }, change }],
  });

  test.each([
    ['retina-hubble', 'controlplane_networkobservability_lost_events_counter'],
    ['retina-hubble', 'hubble_lost_events_total'],
    ['retina-standard', 'controlplane_networkobservability_lost_events_counter'],
    ['netobserv', 'netobserv_agent_dropped_flows_total'],
  ])('%s: %s above 0 makes a case inconclusive', async (id, metric) => {
    expect(lossesIn(lost(metric, 3), agentNamed(id))).toEqual([
      `${metric}{type="kernel",reason="packetparser"} on n1 rose by 3`,
    ]);
    expect(lossesIn(lost(metric, 0), agentNamed(id))).toEqual([]);
    const outcome = await judged(agentNamed(id), plain, { ...recording, ...lost(metric, 3) });
    expect(outcome).toEqual({ kind: 'inconclusive', reason: expect.stringContaining(`${metric}{`) });
  });

  test('other counters are no losses', () => {
    for (const agent of AGENTS) expect(lossesIn(recording, agent)).toEqual([]);
  });
});
