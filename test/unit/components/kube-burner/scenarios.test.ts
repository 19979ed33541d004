import { describe, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import { templateProblems } from '../../../../generators/components/kube-burner/scenarios.ts';
import { generate } from '../../../support/generate.ts';
import { complaints } from '../../../support/problems.ts';

const FOLDER = 'manifests/kube-burner/';

interface Job {
  readonly name: string;
  readonly jobType: string;
  readonly jobIterations: number;
  readonly qps: number;
  readonly burst: number;
  readonly namespace: string;
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly waitWhenFinished: boolean;
  readonly maxWaitTimeout: string;
  readonly jobPause: string;
  readonly preLoadImages: boolean;
  readonly preLoadNodeLabels?: object;
  readonly objects: readonly {
    readonly objectTemplate: string;
    readonly replicas: number;
    readonly labelSelector: object;
  }[];
}

interface Run {
  readonly metricsEndpoints?: readonly {
    readonly endpoint: string;
    readonly metrics: readonly string[];
    readonly alerts: readonly string[];
  }[];
  readonly global: {
    readonly measurements: readonly { readonly name: string; readonly thresholds?: readonly object[] }[];
  };
  readonly jobs: readonly [Job];
}

const built = (kubeBurner: object = {}) => {
  const generated = generate({ kubeBurner: { enabled: true, ...kubeBurner }, targets: ['manifests'] });
  const names = generated.artifacts.flatMap(({ path }) => (path.startsWith(FOLDER) ? [path.slice(FOLDER.length)] : []));
  const text = (name: string): string => generated.file(FOLDER + name);
  return { names, text, run: (name: string) => load(text(`run-${name}.yaml`)) as Run };
};

/** The comment at the top, on one line. */
const headOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => line.slice(2))
    .join(' ');

describe('by default, the runs of the public write-up', () => {
  const { names, run, text } = built();

  test('are files that name only files beside them', () => {
    expect(names.toSorted()).toEqual([
      'alerts.yaml',
      'deployment.yaml',
      'metrics.yaml',
      'run-delete.yaml',
      'run-fill-node.yaml',
      'run-fill-pod-cidr.yaml',
      'run-one-deployment.yaml',
    ]);
    for (const name of ['one-deployment', 'fill-node', 'fill-pod-cidr']) {
      const { metricsEndpoints = [], jobs } = run(name);
      const files = [
        ...metricsEndpoints.flatMap(({ metrics, alerts }) => [...metrics, ...alerts]),
        ...jobs.flatMap(({ objects }) => objects.map(({ objectTemplate }) => objectTemplate)),
      ];
      expect(files).toEqual(['metrics.yaml', 'alerts.yaml', 'deployment.yaml']);
      expect(files.filter((file) => !names.includes(file))).toEqual([]);
    }
  });

  test.each([
    ['one-deployment', 1, 1, 1, 'One node takes them.'],
    [
      'fill-node',
      100,
      300,
      300,
      "more than the 110 pods of the kubelet's default maxPods (FailedScheduling: Too many pods).",
    ],
    [
      'fill-pod-cidr',
      300,
      300,
      300,
      'more than the 253 addresses that a /24 has for pods (FailedCreatePodSandBox) and the 110 pods',
    ],
  ])('%s: %d iterations, %d requests per second', (name, iterations, qps, burst, told) => {
    expect(run(name).jobs[0]).toMatchObject({
      name,
      jobType: 'create',
      jobIterations: iterations,
      qps,
      burst,
      namespace: `kube-burner-${name}`,
      waitWhenFinished: true,
      preLoadImages: true,
      objects: [{ objectTemplate: 'deployment.yaml', replicas: 1 }],
    });
    expect(run(name).global.measurements).toEqual([{ name: 'podLatency' }]);
    expect(headOf(text(`run-${name}.yaml`))).toContain(told);
  });

  test('are deleted by the labels that they set', () => {
    const { jobs } = load(text('run-delete.yaml')) as Run;
    const selectors = jobs[0].objects.map(({ labelSelector }) => labelSelector);
    const { metadata } = load(text('deployment.yaml')) as { readonly metadata: { readonly labels: object } };
    expect(selectors).toHaveLength(2);
    for (const selector of selectors) {
      expect(metadata.labels).toMatchObject(selector);
      expect(run('fill-node').jobs[0].namespaceLabels).toMatchObject(selector);
    }
  });
});

describe('settings', () => {
  test('of a run', () => {
    const scenario = {
      name: 'twice',
      iterations: 5,
      replicas: 2,
      qps: 10,
      burst: 20,
      preloadImages: false,
      wait: false,
    };
    const { run, text } = built({ scenarios: [scenario], nodeSelector: { pool: 'a' }, maxWait: '1h', pause: '0s' });
    expect(run('twice').jobs[0]).toMatchObject({
      jobIterations: 5,
      waitWhenFinished: false,
      preLoadImages: false,
      maxWaitTimeout: '1h',
      jobPause: '0s',
      objects: [{ replicas: 2 }],
    });
    expect(run('twice').jobs[0].preLoadNodeLabels).toBeUndefined();
    expect(headOf(text('run-twice.yaml'))).toContain('10 Deployments of one pod each, in 5 namespaces');
  });

  test('of nodes: for the pods, and for pulling images', () => {
    const { run, text } = built({ nodeSelector: { pool: 'a' } });
    expect(run('fill-node').jobs[0].preLoadNodeLabels).toEqual({ pool: 'a' });
    const template = load(text('deployment.yaml'));
    expect(template).toMatchObject({
      spec: { template: { spec: { nodeSelector: { 'kubernetes.io/os': 'linux', pool: 'a' } } } },
    });
  });

  test('of what makes a run fail', () => {
    expect(built({ podReady: '5s' }).run('fill-node').global.measurements).toEqual([
      { name: 'podLatency', thresholds: [{ conditionType: 'Ready', metric: 'P99', threshold: '5s' }] },
    ]);
  });

  test('of Prometheus: without one, runs collect nothing', () => {
    expect(built({ prometheus: '' }).run('fill-node').metricsEndpoints).toBeUndefined();
    expect(built({ prometheus: 'https://p.example.com' }).run('fill-node').metricsEndpoints?.[0]?.endpoint).toBe(
      'https://p.example.com',
    );
  });

  test('without runs, there are the profiles only', () => {
    expect(built({ scenarios: [] }).names).toEqual(['alerts.yaml', 'metrics.yaml']);
  });

  test('names are files: each once, and not that of the run that deletes', () => {
    const scenario = { name: 'delete', iterations: 1, qps: 1, burst: 1 };
    expect(complaints({ kubeBurner: { enabled: true, scenarios: [scenario, { ...scenario, qps: 2 }] } })).toEqual([
      'kubeBurner.scenarios.0.name: got "delete", expected another name, as the run that deletes has this one',
      'kubeBurner.scenarios.1.name: got "delete", expected each name once',
      'kubeBurner.scenarios.1.name: got "delete", expected another name, as the run that deletes has this one',
    ]);
  });
});

describe('object templates', () => {
  const template = (name: string, label: string) => ({
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: 'a-{{.Iteration}}' } },
      template: { metadata: { labels: { app: label } } },
    },
  });
  test.each([
    ['a-{{.Iteration}}-{{.Replica}}', 'a-{{.Iteration}}', 0],
    ['a-{{.Iterations}}', 'a-{{.Iteration}}', 1],
    ['a-{{ .Iteration }}', 'a-{{.Iteration}}', 1],
    ['a-{{.Iteration}}', 'b', 1],
  ])('named %s, with pods labelled %s: %d problems', (name, label, count) => {
    expect(templateProblems(template(name, label))).toHaveLength(count);
  });
});
