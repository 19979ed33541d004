import { REVISION_LABEL, SPREAD_BETA } from '../components/topology-routing/workloads.ts';
import { AWS_REGION, regionOfEndpoint } from '../shared/aws.ts';
import { problem, type Check } from './check.ts';
import type { Problem } from '../schema/problems.ts';
import { atLeast } from '../shared/version.ts';

const isOlder = (version: string, than: string): boolean => !atLeast(`v${version}.0`, `v${than}.0`);

/** The annotation has its present name since then; older clusters are out of support. */
const ROUTING_SINCE = '1.27';

const services: Check = {
  reads: ['kubernetes.version', 'routing.services'],
  find: ({ kubernetes: { version }, routing }) =>
    routing.services.length > 0 && isOlder(version, ROUTING_SINCE)
      ? [problem('kubernetes.version', version, `${ROUTING_SINCE} or newer for routing.services`)]
      : [],
};

const workloads: Check = {
  reads: ['kubernetes.version', 'routing.workloads'],
  find: ({ kubernetes: { version }, routing }) =>
    routing.workloads.flatMap(({ kind, labels, minDomains }, index): Problem[] => {
      const path = `routing.workloads.${index}`;
      const revision = labels[REVISION_LABEL];
      return [
        ...(minDomains !== undefined && isOlder(version, SPREAD_BETA)
          ? [
              problem(
                `${path}.minDomains`,
                minDomains,
                `kubernetes.version ${SPREAD_BETA} or newer, as ${version} does not know it by default`,
              ),
            ]
          : []),
        ...(kind === 'Deployment' && revision !== undefined
          ? [
              problem(
                `${path}.labels.${REVISION_LABEL}`,
                revision,
                'labels that all revisions have: this one tells them apart, and is set by Kubernetes',
              ),
            ]
          : []),
      ];
    }),
};

const repeated = (path: string, names: readonly string[]): Problem[] =>
  names.flatMap((name, index) =>
    names.indexOf(name) === index ? [] : [problem(`${path}.${index}`, name, 'each object once')],
  );

const once: Check = {
  reads: ['routing'],
  find: ({ routing }) => [
    ...repeated(
      'routing.services',
      routing.services.map(({ namespace, name }) => `${namespace}/${name}`),
    ),
    ...repeated(
      'routing.workloads',
      routing.workloads.map(({ namespace, kind, name }) => `${kind} ${namespace}/${name}`),
    ),
  ],
};

const adot: Check = {
  reads: ['adot', 'cloud.region'],
  find: ({ adot: { enabled, region, endpoint, mode, targetAllocator, replicas }, cloud }) => {
    if (!enabled) return [];
    const signed = region === '' ? cloud.region : region;
    const inHost = regionOfEndpoint(endpoint);
    const problems: Problem[] = [];
    if (!AWS_REGION.test(signed)) {
      problems.push(problem('adot.region', signed, 'the AWS region of the workspace such as ap-northeast-2'));
    }
    if (!/^https:\/\/[^/$]+\/[^$]*api\/v1\/remote_write$/.test(endpoint)) {
      const expected =
        'the remote write URL of the workspace: https://aps-workspaces.REGION.amazonaws.com/workspaces/ID/api/v1/remote_write';
      problems.push(problem('adot.endpoint', endpoint, expected));
    } else if (inHost !== undefined && inHost !== signed && problems.length === 0) {
      problems.push(problem('adot.endpoint', endpoint, `a workspace in ${signed}, for which requests are signed`));
    }
    if (targetAllocator && mode !== 'statefulset') {
      problems.push(
        problem('adot.mode', mode, 'statefulset, as the operator refuses a target allocator for any other'),
      );
    }
    if (replicas > 1 && !targetAllocator) {
      const expected = '1, or adot.targetAllocator: true; without it each replica scrapes every target';
      problems.push(problem('adot.replicas', replicas, expected));
    }
    return problems;
  },
};

/** What RE2 reads and Python, in which the exporter is written, does not or otherwise. */
const NOT_PYTHON = /\(\?(?!:)|\[\[:|\\[pPzQEC]|\\x\{/;

const daemonSet: Check = {
  reads: ['ethtool'],
  find: ({ ethtool: { exporter, device, daemonSet: settings } }) => {
    if (!settings.enabled) return [];
    if (exporter !== 'showmax') {
      return [
        problem('ethtool.daemonSet.enabled', true, `false, as ethtool.exporter is ${exporter}; or showmax there`),
      ];
    }
    const expected = 'a regular expression that Python reads the same way, or ethtool.daemonSet.arguments of your own';
    return settings.arguments === null && NOT_PYTHON.test(device) ? [problem('ethtool.device', device, expected)] : [];
  },
};

/** Settings whose only effect is a manifest. */
const written: Check = {
  reads: ['targets', 'monitors', 'ethtool', 'adot', 'routing', 'kubeBurner'],
  find: ({ targets, monitors, ethtool, adot: collector, routing, kubeBurner }) => {
    if (targets.includes('manifests')) return [];
    const asked = [
      { path: 'monitors.enabled', on: monitors.enabled },
      { path: 'ethtool.daemonSet.enabled', on: ethtool.daemonSet.enabled },
      { path: 'adot.enabled', on: collector.enabled },
      { path: 'routing.services', on: routing.services.length > 0 },
      { path: 'routing.workloads', on: routing.workloads.length > 0 },
      { path: 'kubeBurner.enabled', on: kubeBurner.enabled },
    ].filter(({ on }) => on);
    const names = asked.map(({ path }) => path).join(', ');
    return asked.length === 0 ? [] : [problem('targets', targets, `manifests among them, as ${names} asks for some`)];
  },
};

/** Whether the manifests can be had as asked. */
export const manifestChecks: readonly Check[] = [services, workloads, once, adot, daemonSet, written];
