import { describe, test } from '@jest/globals';
import { generate, RULES } from '../support/generate.ts';
import { testRules } from '../support/rule-test.ts';
import { kubeStateMetrics, owners, type PodSpec, sample } from './scenario.ts';

/** A controller as pods name it, or the name of a bare or static pod, and the workload that it must become. */
type Row = readonly [kind: string, name: string, type: string, workload: string];

const NODES = [{ name: 'node-a', label: 'zone-a' }];

/** Deployments are known by their ReplicaSets, CronJobs by their Jobs. */
const BETWEEN: Readonly<Record<string, string>> = { Deployment: 'ReplicaSet', CronJob: 'Job' };

function podOf([kind, name]: Row, index: number): PodSpec {
  const pod = { namespace: 'ns', node: 'node-a' };
  if (kind === 'Bare') return { ...pod, name };
  if (kind === 'Old') return { ...pod, name, controller: ['<none>', '<none>'] };
  if (kind === 'Static') return { ...pod, name, controller: ['Node', 'node-a'] };
  const between = BETWEEN[kind];
  return { ...pod, name: `pod-${index}`, controller: between === undefined ? [kind, name] : [between, `of-${index}`] };
}

/** Runs the rules over pods of these controllers, and compares the identity of each pod. */
async function expectWorkloads(rows: readonly Row[], workloads: object = {}): Promise<void> {
  const pods = rows.map(podOf);
  const owned = (kind: string) =>
    rows.flatMap((row, index) => (row[0] === kind ? [['ns', `of-${index}`, kind, row[1]] as const] : []));
  const labels = {
    __name__: 'cluster_namespace_pod:identity:info',
    cluster: 'one',
    namespace: 'ns',
    node: 'node-a',
    zone: 'zone-a',
  };
  await testRules(
    [generate({ workloads }).file(RULES.zoneTraffic)],
    [
      {
        name: 'workloads',
        interval: '30s',
        input_series: [
          ...kubeStateMetrics(NODES, pods),
          ...owners('kube_replicaset_owner', owned('Deployment')),
          ...owners('kube_job_owner', owned('CronJob')),
        ],
        promql_expr_test: [
          {
            expr: 'cluster_namespace_pod:identity:info',
            eval_time: '5m',
            exp_samples: rows.map(([, , workload_type, workload], index) =>
              sample({ ...labels, pod: pods[index]?.name ?? '', workload_type, workload }, 1),
            ),
          },
        ],
      },
    ],
  );
}

const NANOSECONDS = '1796000000123456789';
const HEX = '5c1a2b9f3d4e6a70';
const LONG = 'a'.repeat(58);

const BUILT_IN: Readonly<Record<string, readonly Row[]>> = {
  'Actions Runner Controller': [
    ['EphemeralRunner', 'build-runner-bcdfg', 'EphemeralRunner', 'build'],
    ['EphemeralRunner', 'build-x7k2p-runner-bcdfg', 'EphemeralRunner', 'build'],
    ['EphemeralRunner', 'gh-runner-runner-bcdfg', 'EphemeralRunner', 'gh-runner'],
    ['EphemeralRunner', 'gh-runner-x7k2p-runner-bcdfg', 'EphemeralRunner', 'gh-runner'],
    ['EphemeralRunner', 'a.b-runner-c-x7k2p-runner-bcdfg', 'EphemeralRunner', 'a.b-runner-c'],
    // Five letters that are not random: generated names have no vowels.
    ['EphemeralRunner', 'build-linux-runner-bcdfg', 'EphemeralRunner', 'build-linux'],
    // 45 characters, as many as the chart takes: the API server cuts the last dash of the generated name.
    ['EphemeralRunner', `${'s'.repeat(45)}-x7k2p-runnerbcdfg`, 'EphemeralRunner', 's'.repeat(45)],
    ['EphemeralRunner', 'by-hand', 'EphemeralRunner', 'by-hand'],
    ['Deployment', 'build-runner-bcdfg', 'Deployment', 'build-runner-bcdfg'],
  ],
  'Argo Workflows': [
    ['Workflow', 'nightly-1796000000', 'CronWorkflow', 'nightly'],
    ['Workflow', 'a.b-c-1796000000-1796000000', 'CronWorkflow', 'a.b-c-1796000000'],
    ['Workflow', 'etl-4xk9z', 'Workflow', 'etl'],
    ['Workflow', 'etl-b7m2d-4xk9z', 'Workflow', 'etl-b7m2d'],
    ['Workflow', `${LONG}4xk9z`, 'Workflow', LONG],
    ['Workflow', `${LONG.slice(1)}-4xk9z`, 'Workflow', LONG.slice(1)],
    ['Workflow', 'etl-daily', 'Workflow', 'etl-daily'],
    ['Workflow', 'etl4xk9z', 'Workflow', 'etl4xk9z'],
    ['Workflow', '4xk9z', 'Workflow', '4xk9z'],
    ['Job', 'etl-4xk9z', 'Job', 'etl-4xk9z'],
    ['CronJob', 'etl-4xk9z', 'CronJob', 'etl-4xk9z'],
    ['Rollout', 'etl-4xk9z', 'Rollout', 'etl-4xk9z'],
  ],
  Knative: [
    ['Deployment', 'hello-00001-deployment', 'KnativeService', 'hello'],
    ['Deployment', 'hello-00001-deployment-00002-deployment', 'KnativeService', 'hello-00001-deployment'],
    ['Deployment', 'hello-blue-deployment', 'Deployment', 'hello-blue-deployment'],
    ['Deployment', '00001-deployment', 'Deployment', '00001-deployment'],
    ['StatefulSet', 'hello-00001-deployment', 'StatefulSet', 'hello-00001-deployment'],
    // Longer than 63 characters, so it ends in a hash: it stays as it is.
    [
      'Deployment',
      `${'h'.repeat(20)}0123456789abcdef0123456789abcdef-deployment`,
      'Deployment',
      `${'h'.repeat(20)}0123456789abcdef0123456789abcdef-deployment`,
    ],
  ],
  Spark: [
    ['SparkApplication', 'pi', 'SparkApplication', 'pi'],
    ['SparkApplication', `pi.x-${NANOSECONDS}`, 'ScheduledSparkApplication', 'pi.x'],
    // Executors, whose controller is the driver pod, with and without the operator.
    ['Pod', 'pi-driver', 'SparkApplication', 'pi'],
    ['Pod', 'pi-driver-driver', 'SparkApplication', 'pi-driver'],
    ['Pod', `pi-${NANOSECONDS}-driver`, 'ScheduledSparkApplication', 'pi'],
    ['Pod', `pi-${HEX}-driver`, 'SparkApplication', 'pi'],
    ['Pod', 'notebook-0', 'Pod', 'notebook-0'],
    // The driver itself without the operator, and a bare pod that is none.
    ['Bare', `join-${HEX}-driver`, 'SparkApplication', 'join'],
    ['Bare', 'gpu-driver', 'Pod', 'gpu-driver'],
  ],
  'GitLab Runner': [
    ['Bare', 'runner-t1abc-project-17-concurrent-0-k2x9v7bd', 'GitLabRunner', 'runner-t1abc-project-17'],
    ['Old', 'runner-t1abc-project-17-concurrent-12-8f4dqzw2', 'GitLabRunner', 'runner-t1abc-project-17'],
    [
      'Bare',
      'runner-x-project-1-concurrent-2-project-17-concurrent-0-k2x9v7bd',
      'GitLabRunner',
      'runner-x-project-1-concurrent-2-project-17',
    ],
    ['Bare', 'runner-t1abc-project-17', 'Pod', 'runner-t1abc-project-17'],
    ['Static', 'runner-a-project-1-concurrent-0', 'StaticPod', 'runner-a-project-1-concurrent-0'],
  ],
  'custom resources that need no rule': [
    ['StrimziPodSet', 'kafka-broker', 'StrimziPodSet', 'kafka-broker'],
    ['CloneSet', 'web', 'CloneSet', 'web'],
  ],
};

describe('built-in rules', () => {
  test.each(Object.entries(BUILT_IN))('%s', async (_name, rows) => {
    await expectWorkloads(rows);
  });

  test('can be switched off', async () => {
    const plain = Object.values(BUILT_IN)
      .flat()
      .filter(([, name], index, all) => all.findIndex(([, other]) => other === name) === index)
      .map(([kind, name]): Row => {
        const type = { Bare: 'Pod', Old: 'Pod', Static: 'StaticPod' }[kind] ?? kind;
        return [kind, name, type, name];
      });
    await expectWorkloads(plain, { builtInRules: false });
  });
});

describe('rules of the configuration', () => {
  test('come first, and the first that matches wins whatever it writes', async () => {
    await expectWorkloads(
      [
        ['Workflow', 'etl-4xk9z', 'Workflow', 'etl-4xk9z'],
        ['Workflow', 'nightly-1796000000', 'CronWorkflow', 'nightly'],
        // Rewritten to a name that the next rules and the built-in ones match: it is not matched twice.
        ['Alpha', 'one', 'Workflow', 'one-4xk9z'],
        ['Beta', 'one-two', 'Beta', 'two-one'],
        ['Beta', 'one', 'Other', 'rest'],
      ],
      {
        rules: [
          { kind: 'Workflow', name: '(etl-.+)', workload: '$1' },
          { kind: 'Alpha', name: '(.+)', workload: '$1-4xk9z', type: 'Workflow' },
          { kind: 'Beta', name: '([a-z]+)-([a-z]+)', workload: '${2}-$1' },
          { kind: 'Beta|Workflow', name: 'one.*', workload: 'rest', type: 'Other' },
        ],
      },
    );
  });

  test('match the whole name and kind, and leave the workload where the template comes out empty', async () => {
    await expectWorkloads(
      [
        ['Alpha', 'abc', 'Alpha', 'abc'],
        ['Alphabet', 'b', 'Alphabet', 'b'],
        ['Alpha', 'b', 'Alpha', 'rest'],
        ['Beta', 'b', 'Beta', 'b'],
        ['Beta', 'ab', 'Beta', 'a'],
        ['Gamma', 'b', 'Gamma', '1x'],
      ],
      {
        rules: [
          { kind: 'Alpha', name: 'b', workload: 'rest' },
          { kind: 'Beta', name: '(a)?b', workload: '$1' },
          { kind: 'Beta', name: '.*', workload: 'never' },
          { kind: 'G.*', name: '()b', workload: '${1}1x' },
        ],
      },
    );
  });

  test('apply to bare and static pods by their own names', async () => {
    await expectWorkloads(
      [
        ['Bare', 'airflow-task-1', 'Airflow', 'airflow-task'],
        ['Old', 'airflow-task-2', 'Airflow', 'airflow-task'],
        ['Static', 'kube-proxy-node-a', 'StaticPod', 'kube-proxy'],
        ['Bare', 'kube-proxy-node-a2', 'Pod', 'kube-proxy-node-a2'],
      ],
      {
        rules: [
          { kind: 'Pod', name: '(airflow-.+)-[0-9]+', workload: '$1', type: 'Airflow' },
          { kind: 'StaticPod', name: '(.+)-node-a', workload: '$1' },
        ],
      },
    );
  });
});
