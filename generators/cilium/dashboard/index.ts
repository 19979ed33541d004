import type { Dashboard } from '../../model/dashboard.ts';
import { panelsOf } from '../../panels/needs.ts';
import { commonVariables, inCluster } from '../../panels/shared.ts';
import { selector } from '../../promql/index.ts';
import { ciliumNames } from '../names.ts';
import type { CiliumHealthConfig } from '../settings.ts';
import { agentPanels, requestPanels } from './agents.ts';
import { addressPanels, datapathPanels, encryptionPanels, reachPanels } from './datapath.ts';
import { featurePanels, proxyPanels, slicePanels } from './others.ts';
import { MISSING, type CiliumPanel, ciliumSeries } from './panel.ts';
import { firingAlerts, nodeTable, tiles } from './summary.ts';

/** Cilium: whether agents and operator work, whether the datapath is full or drops packets, and what waits for whom. */
export function ciliumHealth(config: CiliumHealthConfig): Dashboard {
  const series = ciliumSeries(config);
  const sections: readonly { readonly title?: string; readonly panels: readonly CiliumPanel[] }[] = [
    {
      panels: [
        ...tiles(series),
        { key: 'firing-alerts', width: 24, height: 6, panel: () => firingAlerts(config, series) },
        { key: 'nodes', width: 24, height: 9, panel: () => nodeTable(config, series) },
      ],
    },
    { title: 'Is the datapath full', panels: datapathPanels(series) },
    { title: 'What agents cannot do', panels: agentPanels(series) },
    { title: 'Who waits for whom', panels: requestPanels(series) },
    { title: 'Addresses and reach', panels: [...addressPanels(series), ...reachPanels(series)] },
    { title: 'CiliumEndpointSlices', panels: slicePanels(series) },
    { title: 'Hubble, Envoy and encryption', panels: [...proxyPanels(config, series), ...encryptionPanels(series)] },
    { title: 'What is on', panels: featurePanels(config, series) },
  ];
  const uid = 'cilium-health';
  const { up } = ciliumNames(config);
  return {
    uid,
    title: 'Cilium health',
    description:
      'Cilium: whether agents and operator work, whether the datapath is full or drops packets, and what waits for whom.',
    tags: ['azimuth', 'network'],
    from: 'now-3h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(up)),
      {
        kind: 'query',
        name: 'node',
        label: 'Node',
        description: 'Nodes whose agents are shown. The operator and quantiles are of the whole cluster.',
        query: { selector: selector(up, inCluster(config)), label: 'node' },
        multi: true,
      },
    ],
    ...panelsOf(uid, (need) => MISSING[need](config), sections),
  };
}
