/** A vector or matrix element of Prometheus' HTTP API. */
export interface Element {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [seconds: number, value: string];
  readonly values?: readonly (readonly [seconds: number, value: string])[];
}

interface Failure {
  readonly status: 'error';
  readonly errorType: string;
  readonly error: string;
}

type Answer<Data> =
  { readonly status: 'success'; readonly data: Data; readonly warnings?: readonly string[] } | Failure;

type Parameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * Asks Prometheus, through the host of the page.
 * @throws Error with Prometheus' own message, or the host's when Prometheus does not answer.
 */
export async function ask<Data>(
  path: string,
  parameters: Parameters,
  signal: AbortSignal | null = null,
): Promise<Data> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of typeof value === 'string' ? [value] : value) body.append(name, each);
  }
  // Label values are read by GET alone; queries can be longer than an address may be.
  const isQuery = path.startsWith('query');
  const response = await (isQuery
    ? fetch(`/prometheus/api/v1/${path}`, { method: 'POST', body, signal })
    : fetch(`/prometheus/api/v1/${path}?${body.toString()}`, { signal }));
  const answer = (await response.json().catch((): Failure => {
    return { status: 'error', errorType: 'bad_response', error: `${response.status} ${response.statusText}` };
  })) as Answer<Data>;
  if (answer.status === 'success') return answer.data;
  throw new Error(answer.errorType === 'unavailable' ? answer.error : `${answer.errorType}: ${answer.error}`);
}

interface QueryData {
  readonly resultType: 'vector' | 'matrix' | 'scalar' | 'string';
  readonly result: readonly Element[] | readonly [number, string];
}

const elements = ({ resultType, result }: QueryData): readonly Element[] =>
  resultType === 'scalar' || resultType === 'string'
    ? [{ metric: {}, value: result as [number, string] }]
    : (result as readonly Element[]);

/** Evaluates an expression at a time, in Unix seconds. */
export async function queryInstant(expr: string, seconds: number, signal?: AbortSignal): Promise<readonly Element[]> {
  return elements(await ask('query', { query: expr, time: String(seconds) }, signal));
}

/** Evaluates an expression over a time range; all in seconds. */
export async function queryRange(
  expr: string,
  { start, end, step }: { readonly start: number; readonly end: number; readonly step: number },
  signal?: AbortSignal,
): Promise<readonly Element[]> {
  const parameters = { query: expr, start: String(start), end: String(end), step: String(step) };
  return elements(await ask('query_range', parameters, signal));
}

/** Prometheus' spelling of a sample's value as a number. */
export const sampleValue = (text: string): number => Number(text.replace('Inf', 'Infinity'));
