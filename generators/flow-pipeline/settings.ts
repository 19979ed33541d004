import type { DomainConfig } from '../domain.ts';
import { WORKLOADS } from '../identity/index.ts';
import { LINE } from '../schema/formats.ts';
import { flag, section, value, when } from '../schema/settings.ts';
import { CLUSTER, RULES } from '../settings/general.ts';
import { GRAFANA } from '../settings/grafana.ts';
import { ALERTS, DASHBOARDS } from '../settings/overrides.ts';

const ON = { 'flowPipeline.enabled': true };

/** The part that is skipped where no flow source counts packets that go wrong. */
export const PACKETS = 'records of dropped and reset packets';

/** The observer itself: whether its agents work, and what they cost. */
export const FLOW_PIPELINE = section(
  'The observer itself: records, alerts and a dashboard of the agents that observe traffic, what they lose and what they cost.',
  {
    enabled: flag(true, 'Whether to record the agents of the flow sources.'),
    packets: when(
      [{ ...ON, 'flows.source': ['retina-hubble', 'retina-standard', 'cilium-hubble'] }, PACKETS],
      flag(
        true,
        'Whether the flow source exports, and the rules record, dropped packets, TCP resets and (retina-standard) retransmissions by workload. Costs ' +
          'a few series for each pod.',
      ),
    ),
    nodesWithout: when(
      ON,
      value(
        LINE,
        'fargate-.*|virtual-.*',
        'Regular expression (RE2) of the names of nodes that have no agent by design, such as those of Fargate and virtual kubelets. Nodes with Windows ' +
          'never count.',
      ),
    ),
  },
);

export const SETTINGS = { flowPipeline: FLOW_PIPELINE };

/** Sections of others that the domain reads. */
export const READS = {
  workloads: WORKLOADS,
  cluster: CLUSTER,
  rules: RULES,
  grafana: GRAFANA,
  alerts: ALERTS,
  dashboards: DASHBOARDS,
} as const;

/** The configuration as the rules and the dashboard of the flow pipeline see it. */
export type PipelineConfig = DomainConfig<typeof SETTINGS & typeof READS>;
