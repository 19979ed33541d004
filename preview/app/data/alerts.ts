import { ask, queryInstant } from './prometheus.ts';

/** An alert that fires or is about to. */
export interface Alert {
  readonly name: string;
  readonly severity: string;
  readonly isFiring: boolean;
  readonly summary: string;
  readonly description: string;
  /** Address of the runbook; empty where the dashboards do not know its host. */
  readonly runbook: string;
  /** Since when it is active, in Unix milliseconds; undefined where nothing tells. */
  readonly since: number | undefined;
  /** What it is about: its labels but for its name and severity. */
  readonly about: string;
}

interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
  readonly activeAt: string;
}

const SEVERITIES = ['critical', 'warning', 'info'];

const rank = ({ isFiring, severity }: Alert): number =>
  (isFiring ? 0 : SEVERITIES.length) + ((SEVERITIES.indexOf(severity) + SEVERITIES.length) % SEVERITIES.length);

const alertOf = (labels: Readonly<Record<string, string>>, isFiring: boolean): Alert => {
  const { alertname = '', severity = '', alertstate: _state, __name__: _name, ...about } = labels;
  return {
    name: alertname,
    severity,
    isFiring,
    summary: '',
    description: '',
    runbook: '',
    since: undefined,
    // A node is often its own instance.
    about: [...new Set(Object.values(about))].join(' · '),
  };
};

const inOrder = (alerts: readonly Alert[]): readonly Alert[] =>
  alerts.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.about.localeCompare(b.about));

/** The alerts that are active now, as Prometheus' rules say; firing before pending, and by severity. */
export async function activeAlerts(): Promise<readonly Alert[]> {
  const { alerts } = await ask<{ readonly alerts: readonly ActiveAlert[] }>('alerts', {});
  return inOrder(
    alerts.map(({ labels, annotations, state, activeAt }) => ({
      ...alertOf(labels, state === 'firing'),
      summary: annotations['summary'] ?? '',
      description: annotations['description'] ?? '',
      runbook: /^https?:/.test(annotations['runbook_url'] ?? '') ? (annotations['runbook_url'] ?? '') : '',
      since: Date.parse(activeAt),
    })),
  );
}

/** The alerts that were active at a time, in Unix milliseconds, as the series `ALERTS` says. */
export async function alertsAt(time: number): Promise<readonly Alert[]> {
  const elements = await queryInstant('ALERTS', time / 1000);
  return inOrder(elements.map(({ metric }) => alertOf(metric, metric['alertstate'] === 'firing')));
}
