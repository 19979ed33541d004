import type { Problem } from '../../schema/problems.ts';
import { checkOf, problem, type Check } from '../../settings/check.ts';
import { AWS_REGION, regionOfEndpoint } from '../../shared/aws.ts';
import type { AdotConfig } from './settings.ts';

const adot = checkOf<AdotConfig>()(
  ['adot', 'cloud.region'],
  ({ adot: { enabled, region, endpoint, mode, targetAllocator, replicas }, cloud }) => {
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
);

/** Whether the collector can be had as asked. */
export const checks: readonly Check[] = [adot];
