import { generateCluster, VARIED } from '../../bench/generate.ts';
import { type SampledSeries, samplesOf } from '../../bench/samples.ts';
import type { SourceId } from '../../bench/sources/index.ts';
import { scrapesOf } from '../../bench/timeline.ts';
import { type RecordedSeries, recordTruths } from '../../bench/truth.ts';
import { generate, RULES } from '../support/generate.ts';
import type { InstantSample } from '../../bench/process/prometheus.ts';
import { startVictoriaMetrics } from '../support/victoria-metrics.ts';

const STEP = 30;
const DURATION = 1_800;
/** From when on rules run: the window is full. */
const WARM_UP = 600;

/** What VictoriaMetrics has after vmalert has run the rules of a source over half an hour. */
export interface Replayed {
  readonly rules: string;
  /** The samples that were imported, the last ones at `duration`. */
  readonly input: readonly SampledSeries[];
  readonly step: number;
  readonly duration: number;
  /** Every record at that time. */
  readonly records: readonly InstantSample[];
  /** What the records must be, by their names, computed from the cluster. */
  readonly truths: Readonly<Record<string, readonly RecordedSeries[]>>;
}

const CLUSTER = generateCluster({ ...VARIED, seed: 3, nodes: 4, pods: 16 });

/** Half an hour of a synthetic cluster, two hours ago, through VictoriaMetrics and vmalert. */
export async function replayed(id: SourceId): Promise<Replayed> {
  const input = samplesOf(
    scrapesOf([{ from: 0, cluster: CLUSTER }], { sources: [id] }).filter(({ labels }) => labels['job'] !== 'ethtool'),
    { step: STEP, duration: DURATION },
  );
  const rules = generate({ flows: { source: id } }).file(RULES.zoneTraffic);
  const start = Math.floor(Date.now() / 60_000) * 60 - 7_200;
  const victoria = await startVictoriaMetrics();
  try {
    await victoria.importSamples(input, { start, step: STEP });
    await victoria.replay(rules, { from: start + WARM_UP, until: start + DURATION });
    const { samples } = await victoria.instant('{__name__=~".+:.+"}', start + DURATION);
    return { rules, input, step: STEP, duration: DURATION, records: samples, truths: recordTruths(id, CLUSTER) };
  } finally {
    await victoria.stop();
  }
}
