import { graph } from '../../panels/needs.ts';
import { COLOURS, overTime, withHost } from '../../panels/shared.ts';
import { promql } from '../../promql/index.ts';
import { known, most, PODS, type ScalePanel, type Series } from './panel.ts';

const { good, attention, bad } = COLOURS;

/** Pods: do they fit, do they get addresses, and how long do they take to start. */
export const podPanels = ({ of, now }: Series): readonly ScalePanel[] => [
  graph('places-by-node', {
    title: 'Pods against what fits',
    description:
      'Pods of the ten fullest nodes as a share of maxPods (max_pods), or of the addresses of the pod CIDR (pod_cidr): the nearer limit of each.',
    targets: [overTime(withHost(most(of('placesUsed')), 'node'), '{{host}} {{limit}}')],
    unit: 'percentunit',
  }),
  graph('pods-by-node', {
    title: 'Pods by node',
    description: 'Pods that run or are being started, on the ten nodes with the most.',
    targets: [overTime(withHost(most(of('pods')), 'node'), '{{host}}')],
    unit: PODS,
  }),
  graph('held-up', {
    title: 'Pods that do not start',
    description:
      'Unschedulable pods fit on no node. Pods that are being created have one, and wait there for sandbox, volumes or images.',
    targets: [
      overTime(promql`sum(${of('unschedulable')})`, 'unschedulable'),
      overTime(promql`sum(${of('creating')})`, 'being created'),
    ],
    unit: PODS,
    colours: { unschedulable: bad, 'being created': attention },
  }),
  graph('sandbox-errors', {
    title: 'Failed sandboxes, by node',
    description:
      'Sandboxes of pods per minute that could not be made, on the ten nodes with the most. Events say why: kubectl get events -A --field-selector reason=FailedCreatePodSandBox.',
    targets: [overTime(withHost(most(promql`${of('sandboxErrors')} * 60`), 'node'), '{{host}}')],
    unit: 'suffix: /min',
  }),
  graph('pod-start-stages', {
    title: 'Pod start',
    description:
      'From the creation of a pod until its containers run, half and 99 of 100 pods: in total, and without pulling images. Kubernetes promises 5 s without images.',
    targets: [
      overTime(known(of('podStart', { stage: 'without_images' })), 'without images {{quantile}}'),
      overTime(known(of('podStart', { stage: 'total' })), 'total {{quantile}}'),
    ],
    unit: 's',
  }),
  graph('image-pull', {
    title: 'Image pulls',
    description:
      'How long pulling an image takes, half and 99 of 100. What this adds is the difference between the lines of pod start.',
    targets: [overTime(known(of('podStart', { stage: 'image_pull' })), '{{quantile}}')],
    unit: 's',
  }),
  graph('pods-started', {
    title: 'Pods started, by node',
    description: 'Pods per second that the kubelets start: the ten busiest.',
    targets: [overTime(withHost(most(of('started')), 'node'), '{{host}}')],
    unit: 'suffix: pods/s',
  }),
  graph(
    'run-pods',
    {
      title: 'Pods of the run',
      description: 'Pods in the namespaces of runs of kube-burner, by phase.',
      targets: [
        overTime(promql`sum by (phase) (${now('runPods', { uuid: { operator: '=~', value: '$uuid' } })})`, '{{phase}}'),
      ],
      unit: PODS,
      stacked: true,
      colours: { Running: good, Pending: attention, Failed: bad },
    },
    { needs: ['runs'] },
  ),
];
