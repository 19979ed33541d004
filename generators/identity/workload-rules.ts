import { labelReplace, promql, type Query } from '../promql/index.ts';
import type { Problem } from '../schema/problems.ts';
import { checkOf, problem, rejectedRegex } from '../settings/check.ts';
import { groupsOf, MAX_REGEX_SIZE, regexProblem, regexSize } from '../settings/regex.ts';
import type { Slice } from '../settings/section.ts';
import type { WORKLOADS } from './settings.ts';

type Workloads = Slice<{ workloads: typeof WORKLOADS }>;

/** A rule of `workloads.rules`. */
type WorkloadRule = Workloads['workloads']['rules'][number];

interface BuiltInRule extends WorkloadRule {
  /** Kind that the pods themselves name as their controller; by default any, also none. */
  readonly controller?: string;
}

/** The random end of a generated name. Upstream: Kubernetes, apimachinery/pkg/util/rand: no vowels, no 0, 1 and 3. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]{5}';

/**
 * Rules for controllers that create a new object for each run or revision. Rollouts (through their ReplicaSets), KEDA's ScaledJobs (through
 * their Jobs) and Strimzi (one StrimziPodSet for each node pool) need none.
 */
const BUILT_IN: readonly BuiltInRule[] = [
  // <scale set>-runner-<random>, in older releases <scale set>-<random>-runner-<random>; the last dash may be cut off. Upstream:
  // actions-runner-controller, controllers/actions.github.com/resourcebuilder.go.
  { kind: 'EphemeralRunner', name: `(.+?)(?:-${RANDOM})?-runner-?[a-z0-9]+`, workload: '$1' },
  // <CronWorkflow>-<Unix seconds>. Upstream: argo-workflows, workflow/cron/operator.go, getChildWorkflowName.
  { kind: 'Workflow', name: '(.+)-[0-9]{10}', workload: '$1', type: 'CronWorkflow' },
  // A generated name; the API server keeps 58 characters of the prefix. Upstream: Kubernetes, apiserver/pkg/storage/names.
  { kind: 'Workflow', name: `(?:(.+)-|(.{58}))${RANDOM}`, workload: '$1$2' },
  // <Configuration>-<generation>-deployment. Upstream: knative/serving, pkg/reconciler/configuration/resources/revision.go and
  // pkg/reconciler/revision/resources/names. Not called Service: that is the type of a Kubernetes Service.
  { kind: 'Deployment', name: '(.+)-[0-9]{5}-deployment', workload: '$1', type: 'KnativeService' },
  // <ScheduledSparkApplication>-<Unix nanoseconds>. Upstream: spark-operator, internal/controller/scheduledsparkapplication.
  { kind: 'SparkApplication', name: '(.+)-[0-9]{19}', workload: '$1', type: 'ScheduledSparkApplication' },
  // The driver pod controls the executors: <SparkApplication>-driver, or <application>-<hexadecimal ID>-driver without the operator. Upstream:
  // apache/spark, resource-managers/kubernetes, BasicDriverFeatureStep and BasicExecutorFeatureStep.
  {
    kind: 'Pod',
    name: '(.+)-[0-9]{19}-driver',
    workload: '$1',
    type: 'ScheduledSparkApplication',
    controller: 'Pod',
  },
  { kind: 'Pod', name: '(.+)-[0-9a-f]{16}-driver', workload: '$1', type: 'SparkApplication' },
  { kind: 'Pod', name: '(.+)-driver', workload: '$1', type: 'SparkApplication', controller: 'Pod' },
  // runner-<token>-project-<ID>-concurrent-<number>-<random>, a pod without a controller. Upstream: gitlab-runner, common/build.go,
  // ProjectUniqueName; executors/kubernetes.
  { kind: 'Pod', name: '(runner-.+-project-[0-9]+)-concurrent-[0-9].*', workload: '$1', type: 'GitLabRunner' },
];

/** All rules that apply, first match first. */
const rulesOf = ({ workloads: { rules, builtInRules } }: Workloads): readonly BuiltInRule[] => [
  ...rules,
  ...(builtInRules ? BUILT_IN : []),
];

const groups = (regex: string): number => groupsOf(regex).count;

/**
 * The regular expression of a rule over `kind/name/controller`. No part contains a slash, so no expression of a part can match more than that
 * part. The kind is the first group, and comes first as most controllers fail there at once.
 */
const combined = ({ name, kind, controller = '.*' }: BuiltInRule): string =>
  `((?:${kind}))/(?:${name})/(?:${controller})`;

/** `workload/type`. References are in braces, as Go reads `$1x` as a group named `1x`, and count the groups of the kind. */
function template({ kind, workload, type = '${1}' }: BuiltInRule): string {
  const before = groups(kind) + 1;
  return `${workload.replaceAll(/\$\{?([0-9]+)\}?/g, (_, group) => `\${${Number(group) + before}}`)}/${type}`;
}

/**
 * Applies the rules to series with the labels `workload` and `workload_type`, and `created_by_kind` where a pod names it. All rules read one
 * copy of the labels and write another, from the last rule to the first, so the first that matches wins and none sees what another wrote.
 * Where its template comes out empty, the workload stays. Leaves the labels `name` and `rolled_up` behind.
 */
export function rolledUp(config: Workloads, query: Query): Query {
  const rules = rulesOf(config);
  if (rules.length === 0) return query;
  const named = promql`
    label_join(
      ${query},
      "name", "/", "workload_type", "workload", "created_by_kind"
    )`;
  const matched = rules
    .toReversed()
    .reduce((inner, rule) => labelReplace(inner, 'rolled_up', template(rule), 'name', combined(rule)), named);
  const renamed = labelReplace(matched, 'workload', '$1', 'rolled_up', '(.+)/.+');
  return labelReplace(renamed, 'workload_type', '$1', 'rolled_up', '.+/(.+)');
}

/** Types that the traffic rules give to ends that are no workload; a workload of such a type would count as one. */
const RESERVED = ['Service', 'Node', 'External'];

/** Rules refer to groups by number; releases of Prometheus before Go 1.22 refuse one of the two ways to name them. */
const namedGroup = (regex: string): string | undefined =>
  groupsOf(regex).names.length > 0 ? 'groups have numbers here, no names' : undefined;

/** Whether the expressions of a rule stay apart when joined; an open `\Q` would quote the rest. */
const isWhole = (rule: WorkloadRule): boolean =>
  regexProblem(combined(rule)) === undefined && groups(combined(rule)) === groups(rule.name) + groups(rule.kind) + 1;

function problemsOf(rule: WorkloadRule, path: string): readonly Problem[] {
  const { type, workload } = rule;
  const broken = (['kind', 'name'] as const).flatMap((key) =>
    rejectedRegex(`${path}.${key}`, rule[key], regexProblem(rule[key]) ?? namedGroup(rule[key])),
  );
  if (broken.length > 0) return broken;
  const size = regexSize(combined(rule));
  if (size > MAX_REGEX_SIZE)
    return [problem(path, rule, `kind and name of at most ${MAX_REGEX_SIZE} steps together, not ${size}`)];
  if (!isWhole(rule))
    return [problem(path, rule, String.raw`kind and name that are complete by themselves, so no open \Q`)];
  const known = groups(rule.name);
  const missing = [...workload.matchAll(/\$\{?([0-9]+)/g)].filter(([, group]) => Number(group) > known);
  const available =
    known === 0 ? 'no $1, as name has no group' : `groups up to $${known}, as name has ${known === 1 ? 'one' : known}`;
  return [
    ...(missing.length > 0 ? [problem(`${path}.workload`, workload, available)] : []),
    ...(type !== undefined && RESERVED.includes(type)
      ? [
          problem(
            `${path}.type`,
            type,
            `another type than ${RESERVED.join(', ')}, which mean ends that are no workload`,
          ),
        ]
      : []),
  ];
}

/** The most steps that the expressions of all rules may have together: every evaluation compiles them. */
const MAX_STEPS = 10_000;

/** Refuses rules that Prometheus could not evaluate, or would evaluate to something else than they say. */
export const workloadRules = checkOf<Workloads>()(['workloads.rules'], ({ workloads: { rules } }) => {
  const found = rules.flatMap((rule, index) => problemsOf(rule, `workloads.rules.${index}`));
  const steps = rules.reduce((sum, rule) => sum + regexSize(combined(rule)), 0);
  if (found.length > 0 || steps <= MAX_STEPS) return found;
  const message = `got ${steps} steps of regular expressions with their repetitions written out, expected at most ${MAX_STEPS} together`;
  return [{ path: 'workloads.rules', message }];
});
