import { plain } from '../../../generators/index.ts';
import type { AgentContext } from '../agent.ts';
import type { LabNode } from '../network.ts';

/** The tree below a key path, without comments; undefined where nothing is. */
export const at = (tree: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>> | undefined)?.[key], tree);

/** The values that Azimuth generates for a chart. */
export const valuesOf = ({ generated }: AgentContext, chart: string): unknown =>
  plain(generated.helmValues.find((values) => values.chart === chart)?.values ?? {});

/** The variables that charts set for every agent. */
export const environmentOf = (context: AgentContext, node: LabNode): Readonly<Record<string, string>> => ({
  NODE_NAME: node.name,
  POD_NAME: `agent-${node.name}`,
  NODE_IP: node.address.ipv4,
  HOST_IP: node.address.ipv4,
  KUBECONFIG: context.kubeconfig,
});
