import { useEffect, useState } from 'react';
import type { DashboardJson } from '../model/dashboard-json.ts';
import type { State } from '../model/state.ts';
import { messageOf } from '../model/message.ts';

async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path);
  const body = (await response.json().catch(() => ({ error: `${response.status} ${response.statusText}` }))) as unknown;
  if (response.ok) return body as Answer;
  throw new Error((body as { error?: string }).error ?? `${path}: ${response.status}`);
}

/** What a request gave so far. */
export interface Fetched<Answer> {
  readonly answer?: Answer;
  readonly error?: string;
}

const failure = (error: unknown): { error: string } => ({
  error: messageOf(error),
});

/** The host's state, asked for again whenever the host says that its content has changed. */
export function useHostState(): Fetched<State> {
  const [fetched, setFetched] = useState<Fetched<State>>({});
  useEffect(() => {
    const refresh = (): void => {
      void read<State>('/api/state').then(
        (answer) => setFetched({ answer }),
        // The host is gone, or about to come back: what was shown stays.
        (error: unknown) => setFetched((before) => ({ ...before, ...failure(error) })),
      );
    };
    refresh();
    const events = new EventSource('/api/events');
    events.addEventListener('change', refresh);
    // The host is gone, or back after that: both are found out by asking.
    events.addEventListener('error', refresh);
    events.addEventListener('open', refresh);
    return () => events.close();
  }, []);
  return fetched;
}

/** A dashboard's JSON; asked for again with every revision. Undefined while there is no revision to ask for. */
export function useDashboard(
  uid: string,
  revision: number | undefined,
): Fetched<DashboardJson> & { readonly revision: number } {
  const [fetched, setFetched] = useState<Fetched<DashboardJson> & { readonly uid: string; readonly revision: number }>({
    uid: '',
    revision: -1,
  });
  useEffect(() => {
    if (uid === '' || revision === undefined) return undefined;
    let isCurrent = true;
    void read<DashboardJson>(`/api/dashboards/${encodeURIComponent(uid)}`)
      .then((answer) => ({ answer }), failure)
      .then((outcome) => isCurrent && setFetched({ uid, revision, ...outcome }));
    return () => {
      isCurrent = false;
    };
  }, [uid, revision]);
  // Never another dashboard's panels under this one's name.
  return fetched.uid === uid ? fetched : { revision: -1 };
}
