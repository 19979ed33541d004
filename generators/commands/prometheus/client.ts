import { ProblemError } from '../../schema/problems.ts';
import { parseUpstream, type Upstream } from '../../schema/upstream.ts';

type Labels = Readonly<Record<string, string>>;

/** A series of an answer, with its values by Unix time in seconds. */
export interface Answered {
  readonly labels: Labels;
  readonly values: readonly (readonly [seconds: number, value: number])[];
}

/** Queries a Prometheus. Every method rejects with a ProblemError that says what is wrong with it or with its answer. */
export interface Queries {
  readonly shown: string;
  instant(query: string, at: number): Promise<readonly Answered[]>;
  range(query: string, from: number, until: number, step: number): Promise<readonly Answered[]>;
  /** Names of the groups of rules that it has loaded; undefined where it does not tell. */
  groups(): Promise<readonly string[] | undefined>;
}

/** Prometheus gives up on a query after two minutes by default. */
const TIMEOUT_MS = 120_000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** A number as Prometheus writes it. */
const numberOf = (text: unknown): number => (typeof text === 'string' ? Number(text.replace('Inf', 'Infinity')) : NaN);

function pointOf(point: unknown): readonly [number, number] {
  const [time, value] = Array.isArray(point) ? (point as unknown[]) : [];
  return [Number(time), numberOf(value)];
}

/** The reason for which a request failed, in words. */
function failure(error: unknown): string {
  const { name, cause } = error as { readonly name?: string; readonly cause?: { readonly code?: string } };
  if (name === 'TimeoutError') return `has not answered within ${TIMEOUT_MS / 1000} seconds: try a shorter --window`;
  return cause?.code === undefined ? 'cannot be reached' : `cannot be reached (${cause.code})`;
}

/** What Prometheus says of an error, or the status alone. */
function refusal(status: number, body: unknown): string {
  const said = isObject(body) && typeof body['error'] === 'string' ? `: ${body['error'].slice(0, 300)}` : '';
  if (status === 401 || status === 403)
    return `refuses access (status ${status})${said}; user and password go into the address`;
  return `answers with status ${status}${said}`;
}

const fail = (shown: string, message: string): ProblemError => new ProblemError(shown, [{ path: '', message }]);

/** A client for the Prometheus at an address. @throws ProblemError if the address is none. */
export function queriesOf(address: string): Queries {
  let upstream: Upstream;
  try {
    upstream = parseUpstream(address);
  } catch (error) {
    throw fail('--prometheus', (error as Error).message.replace(/^Prometheus: /, ''));
  }
  const { shown, prefix, headers, url } = upstream;

  const call = async (path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown> => {
    const request = {
      headers,
      redirect: 'manual' as const,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(parameters !== undefined && { method: 'POST', body: new URLSearchParams(parameters) }),
    };
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url.origin}${prefix}/api/v1/${path}`, request);
      text = await response.text();
    } catch (error) {
      throw fail(shown, failure(error));
    }
    if (response.status >= 300 && response.status < 400)
      throw fail(shown, `redirects (status ${response.status}): name the address to which it does`);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    if (!response.ok) throw fail(shown, refusal(response.status, body));
    if (!isObject(body) || body['status'] !== 'success' || !isObject(body['data']))
      throw fail(shown, 'does not answer as a Prometheus does: expected JSON with "status": "success"');
    return body['data'];
  };

  const series = (data: unknown, type: 'vector' | 'matrix'): readonly Answered[] => {
    const { resultType, result } = data as { readonly resultType?: unknown; readonly result?: unknown };
    if (resultType !== type || !Array.isArray(result))
      throw fail(shown, `does not answer as a Prometheus does: expected a ${type}`);
    return result.map((one: unknown) => {
      const { metric, value, values } = one as {
        readonly metric?: Labels;
        readonly value?: unknown;
        readonly values?: unknown;
      };
      const points = type === 'vector' ? [value] : values;
      return { labels: metric ?? {}, values: Array.isArray(points) ? points.map(pointOf) : [] };
    });
  };

  return {
    shown,
    instant: async (query, at) => series(await call('query', { query, time: String(at) }), 'vector'),
    range: async (query, start, end, step) =>
      series(
        await call('query_range', { query, start: String(start), end: String(end), step: String(step) }),
        'matrix',
      ),
    groups: async () => {
      try {
        const { groups } = (await call('rules')) as { readonly groups?: unknown };
        return Array.isArray(groups) ? groups.map(({ name }: { readonly name?: unknown }) => String(name)) : undefined;
      } catch {
        // Not every store knows its rules; what was recorded counts.
        return undefined;
      }
    },
  };
}
