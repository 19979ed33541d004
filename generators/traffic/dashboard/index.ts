import type { Config } from '../../settings/index.ts';
import type { Dashboard, Panel, PlacedPanel, Variable } from '../../model/dashboard.ts';
import { selector } from '../../promql/index.ts';
import { trafficNames } from '../records/names.ts';
import type { FlowInput } from '../input.ts';
import { commonVariables } from '../../panels/variables.ts';
import { overviewPanels, pairPanels } from './panels.ts';
import { namesPods, podPairs } from './pods.ts';

const place = (width: number, height: number) => ({ width, height });

const NEEDS = {
  workloads: 'flows.granularity is zone, so no workloads are recorded',
  pods: (id: string) => `${id} does not name pods`,
  peers: (id: string) => `${id} counts cross-zone traffic only, and does not name the other end`,
};

/** A panel that is made only where the source can fill it. */
type WantedPanel = Omit<PlacedPanel, 'panel'> & { readonly make: () => Panel };

interface Wanted {
  readonly title?: string;
  readonly panels: readonly WantedPanel[];
}

/** Why a panel would show nothing with this input; undefined where it shows something. */
function reasonAgainst(config: Config, input: FlowInput, key: string): string | undefined {
  const { source } = input;
  if (
    source.locality !== undefined &&
    ['cross-zone-share', 'same-zone', 'total', 'unknown-share', 'matrix'].includes(key)
  ) {
    return NEEDS.peers(source.id);
  }
  if (key === 'pod-pairs' && !namesPods(input)) return NEEDS.pods(source.id);
  if (config.flows.granularity === 'zone' && ['top-pairs', 'workload-pairs', 'pod-pairs'].includes(key)) {
    return NEEDS.workloads;
  }
  return undefined;
}

/** Variables that choose namespaces; they choose nothing where no workloads are recorded. */
function namespaceVariables(config: Config, input: FlowInput): readonly Variable[] {
  if (config.flows.granularity === 'zone') return [];
  const query = { selector: selector(trafficNames(config, input).workloadPair), label: 'source_namespace' };
  const pods: Variable = {
    kind: 'query',
    name: 'pods_namespace',
    label: 'Pods of',
    description: 'The one namespace whose pods the last table shows; pod pairs of all at once would be too many.',
    query,
    multi: false,
  };
  return [
    {
      kind: 'query',
      name: 'namespace',
      label: 'Namespace',
      description: 'Namespaces in the tables of workloads, at either end.',
      query,
      multi: true,
    },
    ...(namesPods(input) ? [pods] : []),
  ];
}

/** How much traffic crosses zones, whether it rises, and who sends it. */
export function zoneTraffic(config: Config, input: FlowInput): Dashboard {
  const names = trafficNames(config, input);
  const overview = overviewPanels(config, input);
  const pairs = pairPanels(config, input);
  const sections: readonly Wanted[] = [
    {
      panels: [
        { key: 'cross-zone', ...place(6, 4), make: () => overview.crossZone },
        { key: 'cross-zone-share', ...place(6, 4), make: () => overview.crossZoneShare },
        { key: 'top-pairs', ...place(12, 8), make: () => pairs.topPairs },
        { key: 'total', ...place(4, 4), make: () => overview.total },
        { key: 'same-zone', ...place(4, 4), make: () => overview.sameZone },
        { key: 'unknown-share', ...place(4, 4), make: () => overview.unknownShare },
        { key: 'locality', ...place(12, 8), make: () => overview.locality },
        { key: 'matrix', ...place(12, 8), make: () => pairs.matrix },
      ],
    },
    {
      title: 'Who talks across zones',
      panels: [
        { key: 'zone-pairs', ...place(24, 8), make: () => pairs.zonePairs },
        // Last, so that the pods to which its links lead are right below.
        { key: 'workload-pairs', ...place(24, 10), make: () => pairs.workloadPairs },
      ],
    },
    {
      title: 'Pods of $pods_namespace',
      panels: [{ key: 'pod-pairs', ...place(24, 10), make: () => podPairs(config, input) }],
    },
  ];
  const shown = (panel: WantedPanel) => reasonAgainst(config, input, panel.key) === undefined;
  return {
    uid: 'zone-traffic',
    title: 'Zone traffic',
    description: `Traffic between availability zones, counted in ${input.unitLabel}: how much crosses, is it rising, who does it.`,
    tags: ['azimuth', 'network'],
    from: 'now-6h',
    refresh: '1m',
    variables: [...commonVariables(config, selector(names.cluster)), ...namespaceVariables(config, input)],
    sections: sections
      .map(({ title, panels }) => ({
        ...(title !== undefined && { title }),
        panels: panels.filter(shown).map(({ make, ...placed }) => ({ ...placed, panel: make() })),
      }))
      .filter(({ panels }) => panels.length > 0),
    omissions: sections.flatMap(({ panels }) =>
      panels.flatMap(({ key }) => {
        const reason = reasonAgainst(config, input, key);
        return reason === undefined ? [] : [{ what: `panel zone-traffic/${key}`, reason }];
      }),
    ),
  };
}
