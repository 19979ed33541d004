import { parser } from '@prometheus-io/lezer-promql';

/** What one query cost, as Prometheus reports it: without network, parsing and writing the answer. */
export interface QueryCost {
  /** Median over the runs. */
  readonly milliseconds: number;
  readonly samples: number;
  readonly series: number;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly unknown[];
    readonly stats: {
      readonly timings: { readonly execTotalTime: number };
      readonly samples: { readonly totalQueryableSamples: number };
    };
  };
}

/** Many, as most panels take a tenth of a millisecond. */
const RUNS = 31;

/**
 * Runs an instant query several times.
 * @param at Unix seconds to ask for, where the runs may take longer than there are samples; now by default.
 * @throws Error with Prometheus' message.
 */
export async function costOf(url: string, query: string, runs = RUNS, at?: number): Promise<QueryCost> {
  const costs: QueryCost[] = [];
  for (let run = 0; run < runs; run += 1) {
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query, stats: 'all', timeout: '10m', ...(at !== undefined && { time: String(at) }) }),
    });
    const { data, error } = (await response.json()) as Answer;
    if (data === undefined) throw new Error(`${error ?? 'no answer'}\nin the query: ${query}`);
    const { timings, samples } = data.stats;
    costs.push({
      milliseconds: timings.execTotalTime * 1000,
      samples: samples.totalQueryableSamples,
      series: data.result.length,
    });
  }
  const sorted = costs.toSorted((a, b) => a.milliseconds - b.milliseconds);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? { milliseconds: 0, samples: 0, series: 0 };
}

/** The bare selectors of a query, ranges included, each once. */
export function selectorsOf(query: string): readonly string[] {
  const found = new Set<string>();
  parser.parse(query).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'VectorSelector') found.add(query.slice(from, to));
    },
  });
  return [...found];
}
