import { PORT, matching } from '../../schema/formats.ts';
import { choice, count, cpu, inUnit, memory, namespace, section, value, when } from '../../schema/settings.ts';
import { CLUSTER, PACKAGING, SCRAPE } from '../../settings/general.ts';
import type { Slice } from '../../settings/section.ts';
import { NAMESPACE_LISTS } from '../../shared/settings.ts';
import { DNS } from '../../dns/settings.ts';
import { FLOW_PIPELINE } from '../../flow-pipeline/settings.ts';
import { FLOWS } from '../../traffic/settings.ts';

const RELEASE = matching('^v[0-9]+\\.[0-9]+\\.[0-9]+$', 'a release tag such as v1.2.6');

const HUBBLE = { 'flows.source': ['retina-hubble'] };

/** The Retina installation, in either mode. */
export const RETINA = section('The Retina installation.', {
  version: value(RELEASE, 'v1.2.6', 'Tag of the chart and the images.'),
  namespace: namespace('kube-system', 'the agents'),
  dataAggregationLevel: when(
    HUBBLE,
    choice(
      ['low', 'high'],
      'low',
      'For retina-hubble: low reports all that passes an interface, in which one event may stand for many packets; high reports connections, for far less CPU. retina-standard always uses high.',
    ),
  ),
  namespaces: when(
    { 'flows.source': ['retina-standard'] },
    section(
      'Namespaces whose pods Retina measures in standard mode; all by default. Set one of the two lists.',
      NAMESPACE_LISTS,
    ),
  ),
  hubblePort: when(HUBBLE, value(PORT, 9965, 'Port of the Hubble metrics.')),
  eventQueueSize: when(
    HUBBLE,
    inUnit('events', count(32_767, 'Size of the Hubble event queue.', { maximum: 131_072 })),
  ),
  eventBufferCapacity: when(
    HUBBLE,
    inUnit(
      'flows',
      choice([1023, 2047, 4095, 8191, 16_383, 32_767, 65_535], 8191, 'Number of flows that Hubble keeps for its API.'),
    ),
  ),
  resources: section('Requests and limits of the agent.', { cpu: cpu('500m'), memory: memory('500Mi') }),
});

/** Jobs of the agents: the flows of Hubble, and the agent's own metrics. */
export const HUBBLE_JOB = 'networkobservability-hubble';
export const AGENT_JOB = 'retina-pods';

/** Its own sections, those of others that it reads, and the type of both. */
export const SETTINGS = { retina: RETINA };
export const READS = {
  cluster: CLUSTER,
  scrape: SCRAPE,
  flows: FLOWS,
  packaging: PACKAGING,
  dns: DNS,
  flowPipeline: FLOW_PIPELINE,
};
export type RetinaConfig = Slice<typeof SETTINGS & typeof READS>;

/** Whether rules read what the agents count of packets that go wrong. */
export const asksForPackets = ({ flowPipeline }: Pick<RetinaConfig, 'flowPipeline'>): boolean =>
  flowPipeline.enabled && flowPipeline.packets;
