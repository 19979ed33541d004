import { listed, suggestion } from '../../generators/index.ts';
import { CannotRun } from '../shared/program.ts';
import type { Agent } from './agent.ts';
import { beyla, obi } from './programs/ebpf-instrumentation.ts';
import { kubezonnet } from './programs/kubezonnet.ts';
import { netobserv } from './programs/netobserv.ts';
import { retinaHubble, retinaStandard } from './programs/retina.ts';

/** All agents that can be run. */
export const AGENTS: readonly Agent[] = [retinaHubble, retinaStandard, obi, beyla, netobserv, kubezonnet];

/** Folder of an agent: both modes of Retina are one. */
export const folderOf = ({ id }: Agent): string => id.replace(/^retina-.*/, 'retina');

/** The agents of these names. @throws CannotRun that names an unknown one. */
export function agentsNamed(names: readonly string[]): readonly Agent[] {
  return names.map((name) => {
    const agent = AGENTS.find(({ id }) => id === name);
    if (agent !== undefined) return agent;
    const ids = AGENTS.map(({ id }) => id);
    throw new CannotRun(
      `--agent: got ${JSON.stringify(name)}, ${suggestion(name, ids)}; expected ${listed(ids, 'or')}`,
    );
  });
}
