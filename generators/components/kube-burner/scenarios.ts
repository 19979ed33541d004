import type { DocumentSchema } from '../../model/artifact.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { GO_DURATION, LABELS } from '../../schema/formats.ts';
import { closed, COUNT, FLAG, listOf, mapOf, oneOf, type Schema, SOME_TEXT } from '../../schema/objects.ts';
import { type Problem, show } from '../../schema/problems.ts';
import { POD } from '../../shared/pods.ts';
import type { KubeBurnerConfig, Scenario } from './settings.ts';

/** The label by which everything is found and deleted; the key and value of the public write-up, so that its commands still find it. */
const MARK = { 'kube-burner-job': 'delete-me' } as const;

/** Files that a run names. kube-burner reads them from its working folder. */
const TEMPLATE = 'deployment';
const fileOf = ({ name }: Scenario): string => `run-${name}`;
const DELETION = 'run-delete';

/** Upstream: kube-burner, pkg/config/types.go: decoded with KnownFields, so unknown keys are fatal. The same in 1.17.3 and 2.7.3. */
const ENDPOINTS: Schema = listOf(
  closed({
    'endpoint!': SOME_TEXT,
    'metrics!': listOf(SOME_TEXT),
    'alerts!': listOf(SOME_TEXT),
    'indexer!': closed({ 'type!': oneOf('local') }),
  }),
);

const MEASUREMENTS: Schema = listOf(
  closed({
    'name!': oneOf('podLatency'),
    thresholds: listOf(
      closed({ 'conditionType!': oneOf('Ready'), 'metric!': oneOf('P99'), 'threshold!': GO_DURATION }),
    ),
  }),
);

const CREATION: Schema = closed({
  'name!': SOME_TEXT,
  'jobType!': oneOf('create'),
  'jobIterations!': COUNT,
  'qps!': COUNT,
  'burst!': COUNT,
  'namespace!': SOME_TEXT,
  'namespaceLabels!': LABELS,
  'waitWhenFinished!': FLAG,
  'maxWaitTimeout!': GO_DURATION,
  'jobPause!': GO_DURATION,
  'verifyObjects!': FLAG,
  'preLoadImages!': FLAG,
  preLoadNodeLabels: LABELS,
  'objects!': listOf(closed({ 'objectTemplate!': SOME_TEXT, 'replicas!': COUNT })),
});

const RUN: DocumentSchema = {
  schema: closed({
    metricsEndpoints: ENDPOINTS,
    'global!': closed({ 'measurements!': MEASUREMENTS }),
    'jobs!': listOf(CREATION),
  }),
};

const DELETION_RUN: DocumentSchema = {
  schema: closed({
    'jobs!': listOf(
      closed({
        'name!': SOME_TEXT,
        'jobType!': oneOf('delete'),
        'qps!': COUNT,
        'burst!': COUNT,
        'waitForDeletion!': FLAG,
        'objects!': listOf(closed({ 'kind!': SOME_TEXT, 'apiVersion!': SOME_TEXT, 'labelSelector!': LABELS })),
      }),
    ),
  }),
};

/** What kube-burner knows while it renders an object. Upstream: pkg/burner/executor.go, buildTemplateData. */
const FILLED = /\{\{\.(Iteration|Replica)\}\}/g;

interface Template {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}

/** Placeholders that kube-burner would fail at, and pods that their own Deployment does not select. */
export function templateProblems(document: object): readonly Problem[] {
  const text = JSON.stringify(document);
  const { selector, template } = (document as Template).spec;
  const { labels } = template.metadata;
  return [
    ...(text.replaceAll(FILLED, '').includes('{{')
      ? [{ path: '', message: 'expected only the placeholders {{.Iteration}} and {{.Replica}}' }]
      : []),
    ...Object.entries(selector.matchLabels)
      .filter(([label, value]) => labels[label] !== value)
      .map(([label, value]) => ({
        path: 'spec.template.metadata.labels',
        message: `got ${show(labels)}, expected ${label}: ${value} as in spec.selector`,
      })),
  ];
}

/** Labels whose values may hold placeholders. */
const TEMPLATED: Schema = mapOf(SOME_TEXT);

const OBJECT_TEMPLATE: DocumentSchema = {
  schema: closed({
    'apiVersion!': oneOf('apps/v1'),
    'kind!': oneOf('Deployment'),
    'metadata!': closed({ 'name!': SOME_TEXT, 'labels!': TEMPLATED }),
    'spec!': closed({
      'replicas!': oneOf(1),
      'selector!': closed({ 'matchLabels!': TEMPLATED }),
      'template!': closed({ 'metadata!': closed({ 'labels!': TEMPLATED }), 'spec!': POD }),
    }),
  }),
  check: templateProblems,
};

/** What a pod asks of its node: little enough that nodes are full of pods before they are full otherwise. */
const REQUESTS = { cpu: '1m', memory: '4Mi' } as const;

const NUMBER = '{{.Iteration}}-{{.Replica}}';

function objectTemplate({ kubeBurner: { image, nodeSelector } }: KubeBurnerConfig): Manifest {
  const own = { app: `test-${NUMBER}` };
  return {
    name: `kube-burner/${TEMPLATE}`,
    document: OBJECT_TEMPLATE,
    header:
      'The object of the runs beside this file: kube-burner fills in the numbers of iteration and replica. Do not apply it to the cluster. ' +
      'The pods are fit for namespaces that enforce the restricted profile.',
    content: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: `deployment-${NUMBER}`, labels: { ...own, ...MARK } },
      spec: {
        replicas: 1,
        selector: { matchLabels: own },
        template: {
          metadata: { labels: { ...own, ...MARK } },
          spec: {
            automountServiceAccountToken: because('Pods that never call the API should not cost a token each.', false),
            nodeSelector: { 'kubernetes.io/os': 'linux', ...nodeSelector },
            terminationGracePeriodSeconds: 0,
            containers: [
              {
                name: 'pod',
                image,
                resources: {
                  requests: because('Without limits: the runs measure scheduling and start, not work.', REQUESTS),
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  runAsNonRoot: true,
                  capabilities: { drop: ['ALL'] },
                  seccompProfile: { type: 'RuntimeDefault' },
                },
              },
            ],
          },
        },
      },
    },
  };
}

/** The Prometheus whose answers the run stores and judges itself by, if there is one. */
const endpoints = ({ kubeBurner: { prometheus } }: KubeBurnerConfig): Tree | undefined =>
  prometheus === ''
    ? undefined
    : [
        {
          endpoint: prometheus,
          metrics: ['metrics.yaml'],
          alerts: ['alerts.yaml'],
          indexer: because(
            'Without an indexer, kube-burner refuses a metrics profile. It writes to collected-metrics-<UUID>; 1.x to collected-metrics, which the next run overwrites.',
            { type: 'local' },
          ),
        },
      ];

const command = (file: string): string => `kube-burner init --config ${file}.yaml`;

/** Upstream: Kubernetes, the kubelet's default of maxPods. */
const MAX_PODS = 110;
/** Addresses for pods in a /24: less the network, its gateway and the broadcast address. */
const POD_ADDRESSES = 253;

/** What a number of pods means where one node has to take them all. */
function onOneNode(pods: number): string {
  if (pods < 20) return 'One node takes them.';
  const limits = [
    ...(pods > POD_ADDRESSES
      ? [`the ${POD_ADDRESSES} addresses that a /24 has for pods (FailedCreatePodSandBox)`]
      : []),
    ...(pods + 10 >= MAX_PODS
      ? [`the ${MAX_PODS} pods of the kubelet's default maxPods (FailedScheduling: Too many pods)`]
      : []),
  ];
  return limits.length === 0
    ? 'One node takes them beside a few others.'
    : `On one node, together with the pods that run there, that is more than ${limits.join(' and ')}.`;
}

/** One run: a configuration of kube-burner. */
function run(config: KubeBurnerConfig, scenario: Scenario): Manifest {
  const { podReady, nodeSelector, maxWait, pause } = config.kubeBurner;
  const { name, iterations, replicas = 1, qps, burst, preloadImages = true, wait = true } = scenario;
  const pods = iterations * replicas;
  return {
    name: `kube-burner/${fileOf(scenario)}`,
    document: RUN,
    header:
      `A run of kube-burner, ${name}: ${pods} Deployment${pods === 1 ? '' : 's'} of one pod each, in ${iterations} namespace${iterations === 1 ? '' : 's'}, ` +
      `at ${qps} requests per second (at most ${burst} at once). ${onOneNode(pods)}\n` +
      'It loads the API server of the cluster that KUBECONFIG names: not for production without an agreement. In the folder of this file:\n' +
      `${command(fileOf(scenario))}\n` +
      'Afterwards, delete all that any run created:\n' +
      command(DELETION),
    content: {
      metricsEndpoints: endpoints(config),
      global: {
        measurements: [
          {
            name: because(
              'Quantiles from the creation of a pod to each of its conditions, and a document for each pod.',
              'podLatency',
            ),
            thresholds:
              podReady === null ? undefined : [{ conditionType: 'Ready', metric: 'P99', threshold: podReady }],
          },
        ],
      },
      jobs: [
        {
          name,
          jobType: 'create',
          jobIterations: iterations,
          qps,
          burst,
          namespace: because(
            'Each iteration has a namespace of its own, with its number at the end.',
            `kube-burner-${name}`,
          ),
          namespaceLabels: { ...MARK, 'pod-security.kubernetes.io/enforce': 'restricted' },
          waitWhenFinished: wait,
          maxWaitTimeout: because('The default of four hours would hide that no node takes the pods.', maxWait),
          jobPause: because(
            'Metrics are collected after it: rates and rules show the job some time after it happened.',
            pause,
          ),
          verifyObjects: false,
          preLoadImages: preloadImages,
          preLoadNodeLabels: Object.keys(nodeSelector).length === 0 || !preloadImages ? undefined : nodeSelector,
          objects: [{ objectTemplate: `${TEMPLATE}.yaml`, replicas }],
        },
      ],
    },
  };
}

/** What deletes all that any run created. */
const deletion: Manifest = {
  name: `kube-burner/${DELETION}`,
  document: DELETION_RUN,
  header:
    'Deletes everything with the label kube-burner-job=delete-me in the cluster that KUBECONFIG names, which is what the runs beside this file create. ' +
    'Look at it first:\n' +
    'kubectl get deployments --all-namespaces --selector kube-burner-job=delete-me\n' +
    'kubectl get namespaces --selector kube-burner-job=delete-me\n' +
    command(DELETION),
  content: {
    jobs: [
      {
        name: 'delete',
        jobType: 'delete',
        qps: 500,
        burst: 500,
        waitForDeletion: true,
        objects: [
          { kind: 'Deployment', apiVersion: 'apps/v1', labelSelector: MARK },
          { kind: 'Namespace', apiVersion: 'v1', labelSelector: MARK },
        ],
      },
    ],
  },
};

/**
 * The runs that the configuration lists, the object that they create, and a run that deletes all of it; nothing without runs.
 * Run in the folder of the files, as kube-burner looks for templates and profiles in its working folder.
 */
export const kubeBurnerScenarios = (config: KubeBurnerConfig): readonly Manifest[] => {
  const { scenarios } = config.kubeBurner;
  return scenarios.length === 0
    ? []
    : [objectTemplate(config), ...scenarios.map((scenario) => run(config, scenario)), deletion];
};
