/** Labels of a series in an answer. */
export type Metric = Readonly<Record<string, string>>;

/** One series of an instant query; a scalar is a series without labels. */
export interface InstantSample {
  readonly metric: Metric;
  readonly value: number;
}

/** One series of a range query. */
export interface RangeSeries {
  readonly metric: Metric;
  readonly values: readonly (readonly [unixSeconds: number, value: number])[];
}

/** Queries one Prometheus. Both methods reject with Prometheus' own message when it refuses the query. */
export interface PrometheusApi {
  /** Evaluates a query at a Unix time in seconds, now by default. */
  instant(query: string, timeSeconds?: number): Promise<{ samples: InstantSample[]; warnings: string[] }>;
  /** Evaluates a query from start to end, both Unix times in seconds, every `step` seconds. */
  range(
    query: string,
    start: number,
    end: number,
    step: number,
  ): Promise<{ series: RangeSeries[]; warnings: string[] }>;
}

type Point = readonly [unixSeconds: number, value: string];

type Data =
  | { readonly resultType: 'vector'; readonly result: readonly { readonly metric: Metric; readonly value: Point }[] }
  | { readonly resultType: 'matrix'; readonly result: readonly { readonly metric: Metric; readonly values: Point[] }[] }
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point };

type Answer =
  | { readonly status: 'success'; readonly data: Data; readonly warnings?: string[] }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };

/** A client for the Prometheus at a base address such as `http://127.0.0.1:9090`, without a trailing slash. */
export function prometheusApi(url: string): PrometheusApi {
  return {
    async instant(query, timeSeconds) {
      const time = timeSeconds === undefined ? {} : { time: String(timeSeconds) };
      const { data, warnings = [] } = await call(`${url}/api/v1/query`, { query, ...time });
      return { samples: samplesOf(data), warnings };
    },
    async range(query, start, end, step) {
      const parameters = { query, start: String(start), end: String(end), step: String(step) };
      const { data, warnings = [] } = await call(`${url}/api/v1/query_range`, parameters);
      return { series: seriesOf(data), warnings };
    },
  };
}

async function call(
  url: string,
  parameters: Readonly<Record<string, string>> & { readonly query: string },
): Promise<Extract<Answer, { status: 'success' }>> {
  // The servers run on this machine, where it takes longer to compress than to send.
  const headers = { 'accept-encoding': 'identity' };
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(parameters) });
  const body = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  if (!isJson) throw new Error(`Prometheus answered ${response.status}: ${body}\nto the query: ${parameters.query}`);

  const answer: Answer = JSON.parse(body);
  if (answer.status === 'success') return answer;
  throw new Error(`${answer.errorType}: ${answer.error}\nin the query: ${parameters.query}`);
}

function samplesOf(data: Data): InstantSample[] {
  switch (data.resultType) {
    case 'vector':
      return data.result.map(({ metric, value }) => ({ metric, value: parseValue(value[1]) }));
    case 'scalar':
      return [{ metric: {}, value: parseValue(data.result[1]) }];
    default:
      throw new TypeError(`an instant query must give a vector or a scalar, not a ${data.resultType}`);
  }
}

function seriesOf(data: Data): RangeSeries[] {
  if (data.resultType !== 'matrix') throw new TypeError(`a range query must give a matrix, not a ${data.resultType}`);
  return data.result.map(({ metric, values }) => ({
    metric,
    values: values.map(([time, value]) => [time, parseValue(value)] as const),
  }));
}

/** JavaScript's spelling of infinity differs from Prometheus'. */
function parseValue(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}
