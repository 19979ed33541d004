import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { judge, type Judgement, type Row } from '../../conformance/shared/judge.ts';
import { knownDeviations, LIMITS } from '../../conformance/shared/limits.ts';
import { type RecordedSeries, type Recording, recordingText } from '../../conformance/shared/recording.ts';
import { recordings } from '../../conformance/shared/recordings.ts';
import { proofTable, withProof } from '../../docs/proof.ts';
import { FLOW_SOURCES } from '../../generators/index.ts';
import { inTempDir } from '../support/temp-dir.ts';

const all = recordings();
const names = [...all.keys()];

const recorded = (name: string): Recording => {
  const found = all.get(name);
  if (found === undefined) throw new Error(`no recording ${name}`);
  return found;
};

/** Each recording is judged once, by its name. */
const judged = new Map<string, Promise<Judgement>>();
const judgementOf = async (name: string): Promise<Judgement> => {
  const known = judged.get(name) ?? judge(recorded(name));
  judged.set(name, known);
  return known;
};

/** How far a row is off, as a share of the truth. */
const errorOf = ({ truth, counted }: Row): number => Math.abs(counted - truth) / truth;

describe.each(names)('%s', (name) => {
  test('is as the writer writes it', () => {
    expect(readFileSync(`test/recorded/${name}.txt`, 'utf8')).toBe(recordingText(recorded(name)));
  });

  test('is counted once by the generated rules, but for the known limits', async () => {
    const { deviations } = await judgementOf(name);
    expect(deviations).toEqual(knownDeviations(name));
  });

  test('has a reason for each row of the table that is off', async () => {
    const { rows } = await judgementOf(name);
    const explained = new Set(LIMITS.filter(({ recording }) => recording === name).flatMap(({ traffic }) => traffic));
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.filter((row) => errorOf(row) > 0.001).map(({ traffic }) => traffic))).toEqual(explained);
  });
});

describe('the limits', () => {
  test('are of recordings that exist, with reasons and sizes', () => {
    expect(LIMITS.filter(({ recording }) => !all.has(recording))).toEqual([]);
    for (const { reason, deviations } of LIMITS) {
      expect(reason).toMatch(/^[A-Z].{30,}\.$/);
      expect(Object.keys(deviations).length).toBeGreaterThan(0);
      expect(Object.values(deviations)).not.toContain(0);
    }
  });

  test('leave traffic between nodes alone, where the agent is set up as we do it and lost nothing', async () => {
    const ours = names.filter((name) => {
      const { source, aggregation, offloads, evidence } = recorded(name);
      return evidence === 'measured' && offloads === 'off' && !(source === 'retina-standard' && aggregation === 'low');
    });
    let rowsAcross = 0;
    for (const name of ours) {
      const { rows, deviations } = await judgementOf(name);
      const across = rows.filter(({ traffic }) => traffic.startsWith('across'));
      rowsAcross += across.length;
      expect(across.map(errorOf).filter((error) => error > 0.001)).toEqual([]);
      expect(Object.keys(deviations).filter((what) => /selected|double-count|lost/.test(what))).toEqual([]);
    }
    expect(rowsAcross).toBeGreaterThan(3);
  });
});

describe('the judge refuses a recording', () => {
  /** One of each kind of agent that counts in its own way. */
  const KINDS = names.filter((name) =>
    ['obi-cross-node', 'retina-hubble-low', 'retina-standard-high', 'kubezonnet-cross-node'].includes(name),
  );

  /** The recording with its largest counted series changed. */
  const broken = (name: string, change: (series: RecordedSeries) => readonly RecordedSeries[]): Recording => {
    const recording = recorded(name);
    const counted = recording.series.filter(
      ({ metric, labels }) =>
        /flow_bytes|flows_processed|forward_bytes|traffic_bytes/.test(metric) &&
        /ingress|undefined/i.test(String(labels['traffic_direction'] ?? labels['direction'])) &&
        labels['subtype'] !== 'to-network',
    );
    const largest = counted.toSorted((one, other) => other.change - one.change)[0];
    return { ...recording, series: recording.series.flatMap((one) => (one === largest ? change(one) : [one])) };
  };

  test.each(KINDS)('%s: with a series that is there twice', async (name) => {
    const twice = broken(name, (one) => [one, { ...one, labels: { ...one.labels, again: 'yes' } }]);
    const { deviations } = await judge(twice);
    expect(Object.keys(deviations).length).toBeGreaterThan(Object.keys(knownDeviations(name)).length);
    expect(Object.keys(deviations).join('\n')).toMatch('shop/db-p2a tx');
  });

  test.each(KINDS)('%s: with a hundredth of a series missing', async (name) => {
    // Both nodes of a packet report it to OBI's rules, and the larger report counts: here it grows.
    const sign = name === 'obi-cross-node' ? 1 : -1;
    const { deviations } = await judge(
      broken(name, (one) => [{ ...one, change: one.change + sign * Math.ceil(one.change / 100) }]),
    );
    expect(Object.keys(deviations).join('\n')).toMatch('shop/db-p2a tx');
  });

  test('with more traffic of a node than passed its interface', async () => {
    const recording = recorded('obi-outside-masqueraded');
    const ofNode = ({ metric, labels }: RecordedSeries) =>
      metric === 'obi_network_flow_bytes_total' && labels['k8s_src_name'] === 'n1' && labels['k8s_dst_name'] === '';
    expect(recording.series.filter(ofNode)).toHaveLength(1);
    const series = recording.series.map((one) => (ofNode(one) ? { ...one, change: one.change + 500_000 } : one));
    const [{ deviations }, known] = [
      await judge({ ...recording, series }),
      await judgementOf('obi-outside-masqueraded'),
    ];
    const tx = 'network_bytes: nodes tx';
    expect(deviations[tx]).toBeGreaterThan((known.deviations[tx] ?? 0) + 400_000);
  });

  test('whose limits do not hold any more', async () => {
    const name = 'retina-hubble-low-offloads';
    const { deviations } = await judge({ ...recorded(name), offloads: 'off' });
    expect(Object.keys(deviations).length).toBeLessThan(Object.keys(knownDeviations(name)).length);
  });

  test('with a pod in another zone', async () => {
    const recording = recorded('retina-standard-high');
    const { n1 = { zone: '', addresses: [] } } = recording.nodes;
    const moved = { ...recording, nodes: { ...recording.nodes, n1: { ...n1, zone: 'zone-b' } } };
    const { deviations } = await judge(moved);
    expect(Object.keys(deviations).join('\n')).toMatch('zone-b > zone-b');
  });
});

test('one more file is one more recording, with its rows in the table', async () => {
  await inTempDir(async (dir) => {
    const added = { ...recorded('obi-cross-node'), version: 'v9.9.9', date: '2027-01-31' };
    await writeFile(join(dir, 'obi-added.txt'), recordingText(added));
    await writeFile(join(dir, 'notes.md'), 'not a recording');
    const found = recordings(dir);
    expect([...found]).toEqual([['obi-added', added]]);
    const table = proofTable(found, [{ name: 'obi-added', judgement: await judgementOf('obi-cross-node') }]);
    expect(table.match(/obi-added.*v9\.9\.9.*2027-01-31/g)).toHaveLength(2);
    expect(table).not.toContain('retina-hubble-low');
  });
});

describe('docs/attribution.md', () => {
  const page = readFileSync('docs/attribution.md', 'utf8');

  test('has the table that the recordings give (npm run proof writes it)', async () => {
    const judgements = await Promise.all(names.map(async (name) => ({ name, judgement: await judgementOf(name) })));
    expect(page).toBe(withProof(page, proofTable(all, judgements)));
  });

  test('says of every source whether it was measured', () => {
    for (const source of FLOW_SOURCES) expect(page).toMatch(new RegExp(`^\\| \`${source}\` +\\|`, 'm'));
  });
});
