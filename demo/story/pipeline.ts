import { type Config, readingsOf } from '../../generators/index.ts';
import type { Node, Pod, Workload } from '../../bench/model.ts';
import type { Observer } from '../../bench/model/observer.ts';
import { createRandom } from '../../bench/random.ts';
import { hash } from './noise.ts';
import { isWithin, PLOT } from './plot.ts';

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';
const DAY = 86_400;

/** Share of what it sees that the agent without CPU loses. */
const LOST = 0.035;
/** Series that each agent replaces between two scrapes while pods come and go. */
const CHURN = 12;

/** The nodes whose agents have a part in the story. */
export interface ObserverRoles {
  /** Its agent waits for CPU and loses events. */
  readonly starving: string;
  /** Its agent does not answer. */
  readonly blind: string;
}

/** Who has which part: nodes that are not those of other parts, as figures of theirs are too low meanwhile. */
export function observerRoles(nodes: readonly Node[], busy: readonly string[]): ObserverRoles {
  const free = nodes.map(({ name }) => name).filter((name) => !busy.includes(name));
  const [starving = '', blind = ''] = [free[0], free.at(-1)];
  return { starving, blind };
}

/** The agents of the chosen flow sources, a pod on every node. `start` is the Unix time of the timeline's start. */
export function agentPods(seed: number, nodes: readonly Node[], start: number, config: Config): readonly Pod[] {
  const random = createRandom(seed ^ hash('agents'));
  return readingsOf(config)
    .sources.flatMap(({ agents }) => agents.filter(({ onEveryNode }) => onEveryNode))
    .flatMap(({ name, namespace: namespaceOf }) => {
      const namespace = namespaceOf?.() ?? 'kube-system';
      const workload: Workload = { namespace, kind: 'DaemonSet', name };
      return nodes.map((node): Pod => {
        const suffix = random.text(5, SUFFIX);
        return {
          namespace,
          name: `${name}-${suffix}`,
          uid: `${name}-${node.name}`,
          ip: node.internalIp,
          node: node.name,
          workload,
          controller: { kind: 'DaemonSet', name },
          createdAt: start - random.int(DAY / 2, 3 * DAY),
          hostNetwork: true,
        };
      });
    });
}

const STATES = new Map<string, Observer>();

/** How the agents are at a time, in seconds relative to now: the same object while it is the same. */
export function observerAt({ starving, blind }: ObserverRoles, seconds: number): Observer {
  const is = (span: { readonly from: number; readonly until: number }): boolean => isWithin(span, seconds);
  const state: Observer = {
    ...(is(PLOT.losing) && { losing: { node: starving, share: LOST } }),
    ...(is(PLOT.blind) && { down: [blind] }),
    ...(is(PLOT.churn) && { churn: CHURN }),
  };
  const key = JSON.stringify(state);
  const known = STATES.get(key) ?? state;
  STATES.set(key, known);
  return known;
}

/** Whether the agent of a pod waits for CPU. */
export const isStarving = ({ starving }: ObserverRoles, pod: Pod, seconds: number): boolean =>
  pod.workload.kind === 'DaemonSet' &&
  pod.uid === `${pod.workload.name}-${starving}` &&
  isWithin(PLOT.starved, seconds);
