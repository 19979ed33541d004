import { useEffect, useState } from 'react';
import { activeAlerts, type Alert, alertsAt } from '../data/alerts.ts';
import { lasting } from './ago.ts';
import { messageOf } from '../model/message.ts';

/** What is known of the alerts. */
export interface Alerts {
  readonly alerts: readonly Alert[];
  readonly error: string;
}

/** The alerts at a time, asked for again when it changes. @param isFixed whether the clock stands still. */
export function useAlerts(now: number, isFixed: boolean): Alerts {
  const [known, setKnown] = useState<Alerts>({ alerts: [], error: '' });
  useEffect(() => {
    let isCurrent = true;
    void (isFixed ? alertsAt(now) : activeAlerts()).then(
      (alerts) => isCurrent && setKnown({ alerts, error: '' }),
      (error: unknown) => isCurrent && setKnown({ alerts: [], error: messageOf(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [now, isFixed]);
  return known;
}

/** All alerts that fire or are about to, the worst first. */
export function AlertList({ alerts: { alerts, error }, now }: { readonly alerts: Alerts; readonly now: number }) {
  if (error !== '') return <p className="azimuth-error">{error}</p>;
  if (alerts.length === 0) return <p className="azimuth-faint">No alert fires or is about to.</p>;
  return (
    <ul className="azimuth-alerts" aria-label="Alerts">
      {alerts.map(({ name, severity, isFiring, summary, description, runbook, since, about }) => (
        <li key={`${name} ${severity} ${about}`} className={isFiring ? `azimuth-${severity}` : 'azimuth-pending'}>
          <span className="azimuth-badge">{isFiring ? severity : 'pending'}</span>
          <span title={description}>
            <strong>{name}</strong> {summary}
            <span className="azimuth-faint">
              {[about, since === undefined ? '' : `for ${lasting(since, now)}`]
                .filter((part) => part !== '')
                .join(' · ')}
              {runbook !== '' && (
                <>
                  {' · '}
                  <a href={runbook} target="_blank" rel="noreferrer">
                    runbook
                  </a>
                </>
              )}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
