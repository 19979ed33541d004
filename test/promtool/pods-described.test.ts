import { jest, test } from '@jest/globals';
import { type InputSeries, testRules } from '../support/rule-test.ts';
import type { Labels } from './allowances-input.ts';
import { only, record } from './ends-input.ts';
import { sample } from './scenario.ts';

jest.setTimeout(60_000);

const UNDESCRIBED = 'cluster_namespace_pod:undescribed:info';
const WORKLOAD = 'cluster_namespace_pod:workload:info';
const ACTIVE = 'cluster_namespace_pod:active_workload:info';

const WEB = { namespace: 'shop', pod: 'web' };
const PLACE = { node: 'n1', workload_type: 'Deployment', workload: 'web', host_network: 'false' };
/** What is recorded of a pod that only its kubelet knows. */
const NOBODY = { workload_type: 'unknown', workload: 'unknown', host_network: 'unknown' };
const EXPORTED = ['exported_namespace', 'exported_pod', 'exported_node'];

/** One cluster: its series, and the labels of what is recorded in it. */
interface Case {
  readonly name: string;
  readonly input: (cluster: string) => readonly InputSeries[];
  readonly undescribed?: Labels;
  readonly workload?: Labels;
  readonly isActive?: boolean;
}

/** Two containers of a pod, as two kubelets or two scrapes have them. */
const containers = (labels: Labels) => (cluster: string) =>
  ['a', 'b'].map((instance) =>
    record('container_memory_working_set_bytes', { cluster, container: 'app', instance, ...labels }, '5'),
  );
const incarnation =
  (labels: Labels, created = 5) =>
  (cluster: string) => [
    record(
      'cluster_namespace_pod_uid:identity:created',
      { cluster, uid: 'u1', zone: 'zone-a', ...PLACE, ...labels },
      String(created),
    ),
  ];
const phase = (labels: Labels, value: number) => (cluster: string) => [
  record('kube_pod_status_phase', { cluster, uid: 'u1', ...labels }, String(value)),
];
const together =
  (...parts: readonly ((cluster: string) => readonly InputSeries[])[]) =>
  (cluster: string) =>
    parts.flatMap((part) => part(cluster));

const CASES: readonly Case[] = [
  { name: 'described', input: together(containers(WEB), incarnation(WEB)), workload: PLACE },
  { name: 'described, without containers', input: incarnation(WEB), workload: PLACE },
  { name: 'not described', input: containers(WEB), undescribed: WEB },
  { name: 'no pod', input: containers({ namespace: 'shop' }) },
  ...['', 'POD'].map((container) => ({ name: `container ${container}`, input: containers({ ...WEB, container }) })),
  ...EXPORTED.map((label) => ({ name: `containers with ${label}`, input: containers({ ...WEB, [label]: 'x' }) })),
  ...[4, 6].map((created) => ({
    name: `another made at ${created}`,
    input: together(incarnation(WEB), incarnation({ ...WEB, uid: 'u2', node: 'n2', workload: 'api' }, created)),
    workload: created < 5 ? PLACE : { ...PLACE, node: 'n2', workload: 'api' },
  })),
  ...['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'].flatMap((name) =>
    [0, 1].map((value) => ({
      name: `${name} ${value}`,
      input: together(incarnation(WEB), phase({ ...WEB, phase: name }, value)),
      workload: PLACE,
      isActive: value === 1 && ['Pending', 'Running'].includes(name),
    })),
  ),
  ...EXPORTED.map((label) => ({
    name: `phase with ${label}`,
    input: together(incarnation(WEB), phase({ ...WEB, phase: 'Running', [label]: 'x' }, 1)),
    workload: PLACE,
  })),
  ...[{ namespace: 'other' }, { pod: 'api' }].map((other) => ({
    name: `phase of another ${Object.keys(other).join('')}`,
    input: together(incarnation(WEB), phase({ ...WEB, ...other, phase: 'Running' }, 1)),
    workload: PLACE,
  })),
];

/** Described pods of the same names in every cluster. */
const CROWD: readonly Labels[] = [
  { namespace: 'shop', pod: 'api' },
  { namespace: 'other', pod: 'web' },
];

test('every pod has one workload, known or not, and those that are pending or running are active', async () => {
  const series = CASES.flatMap(({ name, input }) => [
    ...input(name),
    ...CROWD.flatMap((pod) => incarnation({ ...pod, node: `n-${name}` }, 7)(name)),
  ]);
  const rows = CASES.flatMap(({ name: cluster, undescribed, workload, isActive = false }) => {
    const own = undescribed === undefined ? workload && { ...WEB, ...workload } : { ...undescribed, ...NOBODY };
    const info = (name: string, labels: Labels) => [name, sample({ __name__: name, cluster, ...labels }, 1)] as const;
    return [
      ...(undescribed === undefined ? [] : [info(UNDESCRIBED, undescribed)]),
      ...CROWD.map((pod) => info(WORKLOAD, { ...PLACE, ...pod, node: `n-${cluster}` })),
      ...(own === undefined ? [] : [info(WORKLOAD, own), ...(isActive ? [info(ACTIVE, own)] : [])]),
      ...(cluster === 'phase of another namespace'
        ? [info(ACTIVE, { ...PLACE, ...CROWD[1], node: `n-${cluster}` })]
        : []),
      ...(cluster === 'phase of another pod' ? [info(ACTIVE, { ...PLACE, ...CROWD[0], node: `n-${cluster}` })] : []),
    ];
  });
  await testRules(
    [only('cilium-hubble', [UNDESCRIBED, WORKLOAD, ACTIVE], 'workload-resources')],
    [
      {
        name: 'pods',
        interval: '1m',
        input_series: series,
        promql_expr_test: [UNDESCRIBED, WORKLOAD, ACTIVE].map((expr) => ({
          expr,
          eval_time: '0s',
          exp_samples: rows.flatMap(([name, row]) => (name === expr ? [row] : [])),
        })),
      },
    ],
  );
});
