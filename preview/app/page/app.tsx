import { type ReactElement, useEffect, useRef, useState } from 'react';
import { DashboardPage } from './dashboard-page.tsx';
import { Problems } from './problems.tsx';
import { pageReport } from './report.ts';
import { useAddress } from './use-address.ts';
import { useDashboard, useHostState } from './use-host.ts';

/** The whole page: the dashboard that the address names, or the first one. */
export function App() {
  const host = useHostState();
  const { address, open, change } = useAddress();
  const state = host.answer;
  const first = state?.dashboards[0]?.uid ?? '';
  const dashboard = useDashboard(address.uid, state?.revision);
  const [problem, setProblem] = useState('');

  useEffect(() => {
    if (address.uid === '' && first !== '') open(`/d/${encodeURIComponent(first)}${location.search}`, true);
  }, [address.uid, first, open]);

  const error =
    state === undefined ? host.error : (dashboard.error ?? (first === '' ? 'No dashboards are built.' : undefined));
  useEffect(() => {
    setProblem(error ?? '');
    if (error !== undefined) pageReport.fail(address.uid, state?.revision ?? 0, [{ panel: null, message: error }]);
  }, [error, address.uid, state?.revision]);

  // Until the next dashboard is there the one before stays, rather than nothing.
  const before = useRef<ReactElement>(null);
  if (state !== undefined && dashboard.answer !== undefined && dashboard.error === undefined) {
    before.current = (
      <DashboardPage
        key={address.uid}
        dashboard={dashboard.answer}
        revision={dashboard.revision}
        state={state}
        connection={host.error ?? ''}
        url={address.url}
        onChange={change}
      />
    );
    return before.current;
  }
  if (problem === '') return before.current;
  const problems = [
    { panel: null, message: problem },
    ...(state?.problems ?? []).map((message) => ({ panel: null, message })),
  ];
  return (
    <main className="azimuth-page">
      <Problems title="Nothing to show" problems={problems} />
      <ul>
        {state?.dashboards.map(({ uid, title }) => (
          <li key={uid}>
            <a href={`/d/${encodeURIComponent(uid)}`}>{title}</a>
          </li>
        ))}
      </ul>
    </main>
  );
}
