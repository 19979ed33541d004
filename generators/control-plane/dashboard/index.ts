import type { Dashboard, Variable } from '../../model/dashboard.ts';
import { panelsOf } from '../../panels/needs.ts';
import { commonVariables, inCluster } from '../../panels/shared.ts';
import { not, selector } from '../../promql/index.ts';
import { controlPlaneNames } from '../records/names.ts';
import type { ControlPlaneConfig } from '../settings.ts';
import { MISSING, type ScalePanel, scaleSeries } from './panel.ts';
import { podPanels } from './pods.ts';
import { costPanels, fairnessPanels, requestPanels } from './requests.ts';
import { etcdPanels, queuePanels } from './storage-and-queues.ts';
import { firingAlerts, runTable, tiles } from './summary.ts';

const UID = 'cluster-scale';

/** The run of kube-burner to show; All shows all of the time range. */
const runVariable = (config: ControlPlaneConfig): Variable => ({
  kind: 'query',
  name: 'uuid',
  label: 'Run',
  description: 'Runs of kube-burner, by UUID. All: the whole time range. Tiles show now in every case.',
  query: {
    selector: selector(controlPlaneNames(config).run, { ...inCluster(config), uuid: not('') }),
    label: 'uuid',
  },
  multi: true,
});

/** The control plane under load: whether it keeps its promises, who waits, and whether pods fit and start. */
export function clusterScale(config: ControlPlaneConfig): Dashboard {
  const series = scaleSeries(config);
  const sections: readonly { readonly title?: string; readonly panels: readonly ScalePanel[] }[] = [
    {
      panels: [
        ...tiles(series),
        { key: 'firing-alerts', width: 24, height: 5, panel: () => firingAlerts(config, series) },
        { key: 'runs', width: 24, height: 5, needs: ['runs'], panel: () => runTable(config, series) },
      ],
    },
    { title: 'Pods: do they fit, and how fast do they start', panels: podPanels(series) },
    { title: 'API server', panels: requestPanels(series) },
    { title: 'Who waits', panels: fairnessPanels(series) },
    { title: 'etcd', panels: etcdPanels(series) },
    { title: 'What lists and watches cost', panels: costPanels(series) },
    { title: 'Scheduler and controllers', panels: queuePanels(series) },
  ];
  return {
    uid: UID,
    title: 'Cluster scale',
    description:
      'The control plane under load: whether the API server keeps what Kubernetes promises, who waits, and whether pods fit on nodes and start.',
    tags: ['azimuth', 'control-plane'],
    from: 'now-3h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(controlPlaneNames(config).pods)),
      ...(config.controlPlane.runs ? [runVariable(config)] : []),
    ],
    ...panelsOf(UID, (need) => MISSING[need](config), sections),
  };
}
