import type { CutOff, PageState } from '../app/model/page-state.ts';

/** What can be wrong with a picture. */
export type FaultKind = 'empty' | 'failed' | 'unknown' | 'cut-off' | 'external-request' | 'page-error';

/** Something wrong with a picture. */
export interface Fault {
  /** Title of the panel, or null for what belongs to the page. */
  readonly panel: string | null;
  readonly kind: FaultKind;
  readonly message: string;
}

/** The state of a page as it comes out of the browser, where functions stay behind. */
export interface Snapshot extends Omit<PageState, 'cutOff'> {
  readonly cutOff: readonly CutOff[];
}

/** What happened in the page while it was open, in order. */
export interface PageEvents {
  /** Uncaught errors and the console's. */
  readonly errors: readonly string[];
  /** Addresses outside of the server's origin, asked for or kept back by the page's policy. */
  readonly external: readonly string[];
  /** Answers of the server with a status of 400 or more, but for those of Prometheus. */
  readonly refused: readonly string[];
  /** The same, of Prometheus. */
  readonly failedQueries: readonly string[];
}

const pageError = (message: string): Fault => ({ panel: null, kind: 'page-error', message });

const describeState = (uid: string, snapshot: Snapshot | null, timeoutMs: number): Fault[] => {
  const seconds = timeoutMs / 1_000;
  if (snapshot === null) return [pageError(`the page did not start within ${seconds} s`)];
  const faults: Fault[] = [];
  if (!snapshot.settled) {
    const loading = snapshot.panels.filter(({ state }) => state === 'loading').map(({ title }) => title);
    const still = loading.length === 0 ? '' : `; still loading: ${loading.join(', ')}`;
    faults.push(pageError(`the page did not settle within ${seconds} s${still}`));
  }
  if (snapshot.uid !== uid) faults.push(pageError(`the page shows dashboard "${snapshot.uid}"`));
  return faults;
};

const panelFaults = ({ panels, problems, cutOff }: Snapshot): Fault[] => [
  ...panels.flatMap(({ title, state, message }): Fault[] => {
    if (state === 'failed') return [{ panel: title, kind: 'failed', message }];
    return state === 'empty' ? [{ panel: title, kind: 'empty', message: message || 'no data' }] : [];
  }),
  ...problems.map(({ panel, message }): Fault => ({ panel, kind: 'unknown', message })),
  ...cutOff.map(({ panel, text }): Fault => ({ panel, kind: 'cut-off', message: `"${text}" does not fit` })),
];

/**
 * Everything that is wrong with a page, each once. `snapshot` is null when the page never said anything; `timeoutMs` is how long it
 * was given.
 */
export function faultsOf(uid: string, snapshot: Snapshot | null, events: PageEvents, timeoutMs: number): Fault[] {
  const panels = snapshot === null ? [] : panelFaults(snapshot);
  // A failed query is reported by its panel, with Prometheus' own words; where no panel does, it must not get lost.
  const isTold = panels.some(({ kind }) => kind === 'failed' || kind === 'unknown');
  const errors = [...events.errors, ...events.refused, ...(isTold ? [] : events.failedQueries)];
  const faults = [
    ...describeState(uid, snapshot, timeoutMs),
    ...panels,
    ...events.external.map((message): Fault => ({ panel: null, kind: 'external-request', message })),
    ...errors.map(pageError),
  ];
  const seen = new Set<string>();
  return faults.filter((fault) => {
    const key = JSON.stringify(fault);
    return seen.has(key) ? false : seen.add(key);
  });
}
