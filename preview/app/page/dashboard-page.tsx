import { useCallback, useEffect, useMemo, useState } from 'react';
import { problemsOf } from './known.ts';
import type { DashboardJson } from '../model/dashboard-json.ts';
import type { PageProblem } from '../model/page-state.ts';
import type { State } from '../model/state.ts';
import type { UrlState } from '../model/url-state.ts';
import { AlertList, useAlerts } from './alerts.tsx';
import { Grid } from './grid.tsx';
import { Problems } from './problems.tsx';
import { pageReport } from './report.ts';
import { Story } from './story.tsx';
import { useDrawer } from './use-drawer.ts';
import { Themed, themeOf } from './theme.tsx';
import { TopBar } from './top-bar.tsx';
import { useTime } from './use-time.ts';
import { useVariables, variableProblems } from './use-variables.ts';
import { VariableBar } from './variable-bar.tsx';

/** What the page of a dashboard shows. */
export interface DashboardPageProps {
  readonly dashboard: DashboardJson;
  readonly revision: number;
  readonly state: State;
  /** Why the host does not answer any more; empty while it does. */
  readonly connection: string;
  readonly url: UrlState;
  readonly onChange: (changed: Partial<UrlState>) => void;
}

const plain = (message: string): PageProblem => ({ panel: null, message });

/** A dashboard with its head, pickers, problems, and in the demo its story. */
export function DashboardPage({ dashboard, revision, state, connection, url, onChange }: DashboardPageProps) {
  const themeName = url.theme ?? 'dark';
  const refresh = url.refresh ?? dashboard.refresh ?? '';
  const raw = { from: url.from ?? dashboard.time?.from ?? 'now-6h', to: url.to ?? dashboard.time?.to ?? 'now' };
  const { time, now, tick } = useTime(raw, refresh, state.now);
  const variables = useVariables(dashboard, url.variables, time);
  const alerts = useAlerts(now, state.now !== null);
  const [isOpen, setIsOpen] = useDrawer(state.story.length > 0);

  const known = useMemo(() => problemsOf(dashboard), [dashboard]);
  const problems = [
    ...(time.problem === undefined ? [] : [plain(time.problem)]),
    ...known,
    ...(variables === undefined ? [] : variableProblems(variables)),
  ];
  const problemsKey = JSON.stringify(problems);

  const [placed, setPlaced] = useState<readonly number[]>();
  const onRange = useCallback(
    (from: number, to: number) => onChange({ from: String(Math.round(from)), to: String(Math.round(to)) }),
    [onChange],
  );
  const scope = variables?.scope;
  const isCurrent = variables?.isCurrent ?? false;
  const context = useMemo(
    () =>
      scope && {
        from: time.from,
        to: time.to,
        raw: time.raw,
        scope,
        dashboard: { uid: dashboard.uid, title: dashboard.title },
        scrapeInterval: state.prometheus.scrapeInterval,
        theme: themeOf(themeName),
        annotations: dashboard.annotations?.list ?? [],
      },
    [scope, time, dashboard.uid, dashboard.title, dashboard.annotations, state.prometheus.scrapeInterval, themeName],
  );

  // After the panels' own effects, which say that they are being loaded; and with every address, whatever it changes.
  useEffect(() => {
    if (!isCurrent || placed === undefined) return;
    pageReport.expect(dashboard.uid, revision, placed, JSON.parse(problemsKey) as PageProblem[]);
  }, [url, isCurrent, placed, dashboard.uid, revision, problemsKey]);

  const firing = alerts.alerts.filter(({ isFiring }) => isFiring).length;
  const label = alerts.error === '' ? `${firing} alert${firing === 1 ? '' : 's'} firing` : 'Alerts unknown';
  return (
    <Themed name={themeName}>
      <div className="azimuth-page">
        {!url.kiosk && (
          <TopBar
            dashboards={state.dashboards}
            uid={dashboard.uid}
            url={url}
            range={time.range}
            refresh={refresh}
            now={now}
            isLight={themeName === 'light'}
            onChange={onChange}
            onRefresh={tick}
            onRange={onRange}
            details={{ label, isOpen, isLoud: firing > 0, onToggle: () => setIsOpen(!isOpen) }}
          />
        )}
        {!url.kiosk && isOpen && (
          <section className="azimuth-details">
            {state.story.length > 0 && <Story events={state.story} now={now} url={url} />}
            <AlertList alerts={alerts} now={now} />
          </section>
        )}
        <main>
          <Problems
            title="The host of this page does not answer"
            problems={connection === '' ? [] : [plain(connection)]}
          />
          <Problems
            title="The last build failed; these are the dashboards before it"
            problems={state.problems.map(plain)}
          />
          <Problems title="This dashboard has problems" problems={problems} />
          {url.kiosk && <h1>{dashboard.title}</h1>}
          {variables !== undefined && (
            <VariableBar
              variables={variables.resolved}
              onChange={(name, values) => onChange({ variables: new Map([...url.variables, [name, values]]) })}
            />
          )}
          {context !== undefined && (
            <Grid
              key={revision}
              panels={dashboard.panels ?? []}
              context={context}
              range={time.range}
              theme={context.theme}
              onRange={onRange}
              onPlaced={setPlaced}
            />
          )}
        </main>
      </div>
    </Themed>
  );
}
