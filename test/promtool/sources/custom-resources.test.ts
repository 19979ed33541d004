import type { Controller, Pod } from '../../../bench/model.ts';
import { connect, end, podOf } from '../../support/handmade-cluster.ts';
import { type Case, describeCases } from './cases.ts';
import { NODES, PODS, withPods } from './hostile-cluster.ts';
import { steady } from './steady.ts';

let last = 0;

/** A pod of `workload`. `top` is its topmost controller that kube-state-metrics and agents report, by default the pod itself. */
function custom(
  name: string,
  workload: readonly [kind: Pod['workload']['kind'], name: string],
  top: readonly [kind: string, name: string] = ['Pod', name],
  controller?: Controller,
): Pod {
  const [kind, called] = top;
  last += 1;
  return podOf(name, last % 2 === 0 ? NODES.a.name : NODES.b.name, `10.1.2.${last}`, {
    namespace: 'ci',
    workload: { namespace: 'ci', kind: workload[0], name: workload[1] },
    topKnown: { kind, name: called },
    controller: controller ?? (kind === 'Pod' ? undefined : { kind, name: called }),
  });
}

const named = (kind: Pod['workload']['kind'], workload: string, controller: string, pod = controller): Pod =>
  custom(pod, [kind, workload], [kind, controller]);

const runs: readonly (readonly Pod[])[] = [
  ['x7k2p-runner-bcdfg', 'x7k2p-runner-hjklm', 'runner-npqrs'].map((suffix) =>
    named('EphemeralRunner', 'gh-runner', `gh-runner-${suffix}`),
  ),
  ['1796000000', '1796003600'].map((at) =>
    custom(`nightly-${at}-step-1`, ['CronWorkflow', 'nightly'], ['Workflow', `nightly-${at}`]),
  ),
  ['4xk9z', 'b7m2d'].map((suffix) => named('Workflow', 'etl.daily', `etl.daily-${suffix}`, `etl.daily-${suffix}-load`)),
  ['00041', '00042'].map((revision) =>
    custom(
      `hello-${revision}-deployment-5f-${revision}`,
      ['KnativeService', 'hello'],
      ['Deployment', `hello-${revision}-deployment`],
      { kind: 'ReplicaSet', name: `hello-${revision}-deployment-5f` },
    ),
  ),
  ['1796000000123456789', '1796003600123456789'].map((at) =>
    custom(`pi-${at}-driver`, ['ScheduledSparkApplication', 'pi'], ['SparkApplication', `pi-${at}`]),
  ),
  ['5c1a2b9f3d4e6a70', 'a2b3c4d5e6f70819'].map((id) => custom(`join-${id}-driver`, ['SparkApplication', 'join'])),
  ['concurrent-0-k2x9v7bd', 'concurrent-1-8f4dqzw2'].map((job) =>
    custom(`runner-t1abcdef-project-17-${job}`, ['GitLabRunner', 'runner-t1abcdef-project-17']),
  ),
  ['kafka-broker-0', 'kafka-broker-1'].map((pod) => named('StrimziPodSet', 'kafka-broker', 'kafka-broker', pod)),
];

const pods = runs.flat();

/** Each run calls the database, and one of another kind. All rates differ. */
const connections = pods.flatMap((pod, index) => [
  connect(end(pod), end(PODS.dbB), 1 + index, 40 + index),
  connect(end(pods[(index + 5) % pods.length] ?? pod), end(pod), 80 + index, 120 + index),
]);

const CASES: readonly Case[] = [
  { name: 'runs of custom resources count as what they belong to', scenario: steady(withPods(pods, connections)) },
];

describeCases(CASES);
