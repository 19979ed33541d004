import { nodeAllowancesTruths } from './allowance-truths.ts';
import { ciliumHealthTruths } from './cilium-truths.ts';
import { clusterScaleTruths } from './control-plane-truths.ts';
import { clusterDnsTruths } from './dns-truths.ts';
import { flowPipelineTruths } from './pipeline-truths.ts';
import { zoneRoutingTruths } from './routing-truths.ts';
import type { Stack } from './stack.ts';
import { zoneTrafficTruths } from './traffic-truths.ts';
import { zoneWorkloadTruths } from './zone-workload-truths.ts';
import type { Answer } from './vector.ts';
import { workloadResourcesTruths } from './workload-truths.ts';

/** The truths of every dashboard, by its uid. */
export const TRUTHS: Readonly<Record<string, (stack: Stack) => Readonly<Record<string, readonly Answer[]>>>> = {
  'zone-traffic': (stack) => zoneTrafficTruths(stack),
  'zone-workload': zoneWorkloadTruths,
  'node-allowances': nodeAllowancesTruths,
  'workload-resources': workloadResourcesTruths,
  'cluster-dns': clusterDnsTruths,
  'cilium-health': ciliumHealthTruths,
  'cluster-scale': clusterScaleTruths,
  'flow-pipeline': flowPipelineTruths,
  'zone-routing': zoneRoutingTruths,
};
