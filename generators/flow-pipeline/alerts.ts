import { type AlertSpec, type Tier } from '../alerts/spec.ts';
import { either, labels, type Matchers, oneOf, promql, selector } from '../promql/index.ts';
import { kindKey, noAgents } from './agents.ts';
import { pipelineNames } from './names.ts';
import { central, everywhere, scraped } from './records.ts';
import type { PipelineConfig } from './settings.ts';

type Alert = AlertSpec<PipelineConfig>;

const warning = (threshold: number, pending: string, keepFiringFor: string): Tier => ({
  severity: 'warning',
  threshold,
  for: pending,
  keepFiringFor,
});

const DASHBOARD = { uid: 'flow-pipeline', variables: ['node'] };

/** With fewer series, a share of new ones counts as one of this many: those of a small agent cost nothing. */
const FEWEST = 5000;

/** "Cluster production, node a: " as a template; either may be missing. */
const where = ({ cluster: { label } }: PipelineConfig): string => {
  const node = '{{ with $labels.node }}node {{ . }}: {{ end }}';
  return label === null ? node : `{{ with $labels.${label} }}Cluster {{ . }}, {{ end }}${node}`;
};

const noUsage = (config: PipelineConfig): string | undefined =>
  noAgents(config) ?? (config.workloads.resources ? undefined : 'workloads.resources is false');

const down: Alert = {
  alert: 'FlowAgentDown',
  ratio: false,
  sustained: false,
  tier: warning(0, '15m', '5m'),
  summary: 'An agent that observes traffic does not work.',
  description: (config) =>
    `${where(config)}{{ $value | humanize }} agent is missing: {{ $labels.agent }} of {{ $labels.source }} does not answer Prometheus, or is not there. Traffic of the node is seen from its other ` +
    'end only, or not at all, so figures are too low. First: kubectl get pods -A{{ with $labels.node }} --field-selector spec.nodeName={{ . }}{{ end }}; if the ' +
    'agent runs, compare its log and limits with one that answers.',
  expr: (config, threshold) => {
    const names = pipelineNames(config);
    const others = central(config).map(({ name }) => name);
    // 1 where it is down, as a node without an agent.
    const isDown = (...only: readonly Matchers[]) => promql`${selector(names.up, ...only)} == bool 0`;
    const parts =
      everywhere(config).length === 0
        ? [isDown()]
        : [selector(names.missing), ...(others.length === 0 ? [] : [isDown({ agent: oneOf(others) })])];
    return promql`${either(...parts)} > ${threshold}`;
  },
  without: (config) =>
    noAgents(config) ??
    (everywhere(config).length + central(config).length > 0 ? undefined : 'nothing tells whether the agents run'),
  comment:
    'FlowSourceSilent says that a whole cluster has no traffic; this one names the nodes where some are missing. A quarter of an hour is enough for a new ' +
    'node to start its pods and for a rollout to replace one. An agent that crashes again and again counts as down, although it answers now and then.',
  dashboard: DASHBOARD,
};

const throttled: Alert = {
  alert: 'FlowAgentThrottled',
  ratio: true,
  sustained: true,
  tier: warning(0.25, '15m', '15m'),
  summary: 'An agent that observes traffic waits for CPU, so it loses events.',
  description: (config) =>
    `${where(config)}{{ $labels.agent }} of {{ $labels.source }} was throttled in {{ $value | humanizePercentage }} of its CPU periods. What comes in ` +
    'meanwhile overflows its buffers. First: see on the dashboard whether it loses events; raise its CPU limit, or let it observe less.',
  expr: (config, threshold) => promql`${selector(pipelineNames(config).throttled)} > ${threshold}`,
  without: noUsage,
  comment:
    'An agent that waits does not empty its buffers, whose size is fixed. A rollout of many pods is over within minutes. CPUThrottlingHigh of ' +
    'kube-prometheus-stack has the same threshold, but severity info, as other programs only get slower.',
  dashboard: DASHBOARD,
};

const churn: Alert = {
  alert: 'FlowSeriesChurn',
  ratio: false,
  sustained: true,
  tier: warning(2, '30m', '15m'),
  summary: 'Agents that observe traffic create new series all the time.',
  description: (config) =>
    `${where(config)}all {{ $labels.agent }} of {{ $labels.source }} create {{ $value | humanize }} times as many series in an hour as they have. ` +
    'Prometheus keeps each for hours, so its memory grows. First: on the dashboard, see which nodes add most; then count which label has ever new values.',
  expr: (config, threshold) => {
    const names = pipelineNames(config);
    const by = labels(...kindKey(config));
    return promql`
      3600 * sum by (${by}) (${selector(names.seriesAdded)})
      / on (${by})
      clamp_min(sum by (${by}) (${selector(names.series)}), ${FEWEST}) > ${threshold}`;
  },
  without: (config) =>
    noAgents(config) ?? (scraped(config).length > 0 ? undefined : 'Prometheus scrapes none of the agents'),
  comment:
    'A deploy, a rollout of the agents and a restart of Prometheus each add all series once, within minutes. Half an hour at a rate of twice an hour is ' +
    'something else: pods that live for minutes, or a label without bounds, such as a port. With fewer than 5,000 series, the share is that of 5,000: so ' +
    'few cost little.',
  dashboard: { uid: 'flow-pipeline', variables: [] },
};

/** Alerts on whether agents work, on what they use, and all of them. */
export const agentAlerts: readonly Alert[] = [down, churn];
export const usageAlerts: readonly Alert[] = [throttled];
export const pipelineAlerts: readonly Alert[] = [...agentAlerts, ...usageAlerts];
