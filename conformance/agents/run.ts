import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Config, FLOW_SOURCES, listed, makeBundle, suggestion } from '../../generators/index.ts';
import { configOf } from '../shared/cases.ts';
import { readOptions } from '../shared/options.ts';
import { CannotRun } from '../shared/program.ts';
import { recordingText } from '../shared/recording.ts';
import { type Output, type Report, reportTo } from '../shared/report.ts';
import type { Agent, AgentContext, AgentProgram } from './agent.ts';
import { AGENTS, agentsNamed, folderOf } from './agents.ts';
import { casesFor, CASES, type TrafficCase } from './cases.ts';
import { startCluster } from './cluster.ts';
import { judged } from './judge.ts';
import { type Lab, removeLeftovers, runFolder, startLab } from './lab.ts';
import { CONTROL_PLANE, NODES } from './network.ts';
import { recordingOf } from './record.ts';
import { type Machine, missingOn, thisMachine } from './requirements.ts';
import { attach, type Observer, round } from './rounds.ts';

const USAGE = `Runs real agents in network namespaces of this machine, sends known traffic, and holds what they count against the counters of the interfaces.

Usage: npm run conformance:agents -- --agents <folder> [options]

  --agents <folder>      binaries of agents, each agent in a folder of its own (docs/conformance.md), and kube-apiserver
  --agent <name>         only this agent, repeatable: ${AGENTS.map(({ id }) => id).join(', ')}
                         (those that the folder has)
  --case <name>          only this case, repeatable: ${CASES.map(({ name }) => name).join(', ')}
  --recordings <folder>  where a recording of each case is written (azimuth-recordings in the folder for temporary files)
  --minutes <n>          how long an agent may take; cases that it has no time for are left out (30)
  --help                 show this text

Needs root, eBPF with BTF, promtool, and Debian's packages iproute2, iptables, ethtool, procps and etcd-server.
`;

const OPTIONS = {
  agents: { type: 'string' },
  agent: { type: 'string', multiple: true, default: [] as string[] },
  case: { type: 'string', multiple: true, default: [] as string[] },
  recordings: { type: 'string', default: join(tmpdir(), 'azimuth-recordings') },
  minutes: { type: 'string', default: '30' },
} as const;

/** What a file of an agent is missing from its folder. */
export const filesMissing = (agent: Agent, folder: string, has: (path: string) => boolean): readonly string[] =>
  [...Object.entries(agent.files), ['version', 'a text with its release or commit'] as const]
    .filter(([name]) => !has(join(folder, name)))
    .map(([name, what]) => `${join(folder, name)}, ${what}`);

/** The agents to run: those asked for, or those that have a folder. @throws CannotRun that says what is missing. */
export function chosenAgents(
  names: readonly string[],
  folder: string,
  has: (path: string) => boolean,
): readonly Agent[] {
  const chosen = names.length > 0 ? agentsNamed(names) : AGENTS.filter((agent) => has(join(folder, folderOf(agent))));
  if (chosen.length === 0) {
    const folders = [...new Set(AGENTS.map(folderOf))];
    throw new CannotRun(`--agents: ${folder} has no agent; expected a folder ${listed(folders, 'or')}`);
  }
  const missing = [
    ...(has(join(folder, 'kube-apiserver')) ? [] : [`${join(folder, 'kube-apiserver')}, the API server`]),
    ...chosen.flatMap((agent) => filesMissing(agent, join(folder, folderOf(agent)), has)),
  ];
  if (missing.length > 0) throw new CannotRun(`not run: missing\n  ${[...new Set(missing)].join('\n  ')}`);
  return chosen;
}

/** The cases to run for an agent. @throws CannotRun that names an unknown one. */
export function chosenCases(agent: Pick<Agent, 'hasAggregation'>, names: readonly string[]): readonly TrafficCase[] {
  const all = casesFor(agent.hasAggregation === true ? [] : ['aggregation']);
  const known = [...new Set([...CASES, ...all].map(({ name }) => name))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new CannotRun(`--case: got ${JSON.stringify(unknown)}, ${suggestion(unknown, known)}`);
  return names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
}

/** @throws CannotRun with all that the machine lacks. */
export function requireMachine(machine: Machine, agents: readonly Agent[]): void {
  const programs = Object.assign(
    { promtool: 'Debian: prometheus' },
    ...agents.map((agent) => agent.programs ?? {}),
  ) as Record<string, string>;
  const missing = missingOn(machine, programs);
  if (missing.length > 0) throw new CannotRun(`not run: this machine lacks\n  ${missing.join('\n  ')}`);
}

const clusterKey = ({ aggregation, cni }: TrafficCase): string => `${aggregation} ${cni}`;

/** Cases that share a cluster and the settings of the agent. */
function groups(cases: readonly TrafficCase[]): readonly (readonly TrafficCase[])[] {
  return [...new Set(cases.map(clusterKey))].map((key) => cases.filter((one) => clusterKey(one) === key));
}

/**
 * Starts the programs of an agent in its cluster. Returns the files that have their output.
 * @param mountPoints gets folders of the machine that were created to mount on.
 */
async function startAgent(
  lab: Lab,
  agent: Agent,
  context: AgentContext,
  create: (context: AgentContext) => Promise<void>,
  mountPoints: string[],
): Promise<readonly string[]> {
  const logs: string[] = [];
  const start = async (where: string, { name, argv, env = {}, mounts = {} }: AgentProgram): Promise<void> => {
    const setup = Object.entries(mounts).flatMap(([at, from]) => {
      const copy = join(lab.folder, agent.id, where, at);
      const created = mkdirSync(at, { recursive: true });
      if (created !== undefined) mountPoints.push(created);
      return [`mkdir -p ${copy}`, `cp -r ${from}/. ${copy}`, `mount --bind ${copy} ${at}`];
    });
    const log = join(lab.folder, `${name}-${where}.log`);
    logs.push(log);
    await lab.host(where).call({
      do: 'start',
      name,
      argv: setup.length === 0 ? argv : ['sh', '-c', `${setup.join(' && ')} && exec "$@"`, 'sh', ...argv],
      env,
      log,
    });
  };
  for (const program of agent.central?.(context) ?? []) await start(CONTROL_PLANE.host, program);
  await create(context);
  for (const node of NODES) for (const program of agent.onNode(context, node)) await start(node.name, program);
  return logs;
}

/** Where the agents' counters are read. */
const observerOf = (agent: Agent, config: Config): Observer => {
  const ports = agent.ports(config);
  const hosts =
    agent.isCentral === true
      ? [{ node: '-', host: CONTROL_PLANE.host }]
      : NODES.map(({ name }) => ({ node: name, host: name }));
  return {
    config,
    losses: agent.losses,
    delaySeconds: agent.delaySeconds,
    pages: hosts.flatMap(({ node, host }) =>
      ports.map((port) => ({ node, host, url: `http://127.0.0.1:${port}/metrics` })),
    ),
  };
};

/** A run of the command. */
interface Run {
  readonly binaries: string;
  readonly recordings: string;
  readonly report: Report;
  readonly log: (text: string) => void;
  readonly register: (lab: Lab) => void;
}

/** The last lines of what programs wrote, for messages. */
const lastWords = (logs: readonly string[]): string =>
  logs
    .filter(existsSync)
    .map((file) => `${basename(file)}: ${readFileSync(file, 'utf8').trim().split('\n').slice(-3).join('\n')}`)
    .join('\n');

/** Runs the cases of one cluster. */
async function runGroup(
  { binaries, recordings, report, log, register }: Run,
  agent: Agent,
  cases: readonly TrafficCase[],
  deadline: number,
): Promise<void> {
  const [first] = cases;
  if (first === undefined) return;
  const given = agent.config(first.aggregation);
  const config = configOf({ name: agent.id, given });
  log(`${agent.id}: starting a cluster, ${first.cni}, aggregation ${first.aggregation}`);
  const lab = await startLab(first.cni, register);
  const mountPoints: string[] = [];
  try {
    const cluster = await startCluster(lab, join(binaries, 'kube-apiserver'));
    const folder = join(binaries, folderOf(agent));
    const context: AgentContext = {
      binaries: folder,
      kubeconfig: cluster.kubeconfig,
      kubeconfigText: cluster.kubeconfigText,
      generated: makeBundle(config),
      aggregation: first.aggregation,
      write(path, text) {
        const file = join(lab.folder, agent.id, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return file;
      },
    };
    const logs = await startAgent(lab, agent, context, (of) => cluster.create(agent.objects?.(of) ?? []), mountPoints);
    const observer = observerOf(agent, config);
    try {
      const seconds = await attach(lab, observer);
      log(`${agent.id}: watches all pods after ${seconds} s`);
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      const problems = [`${error.message}\n${lastWords(logs)}`];
      for (const { name } of cases) report.add({ what: `${agent.id} ${name}`, found: 'not run', problems });
      return;
    }
    const { flows: _, ...settings } = given as Readonly<Record<string, unknown>>;
    const origin = {
      agent,
      version: readFileSync(join(folder, 'version'), 'utf8').trim(),
      date: new Date().toISOString().slice(0, 10),
      config: settings,
    };
    for (const one of cases) {
      if (performance.now() > deadline) {
        report.omit(`${agent.id} ${one.name}: no time left, see --minutes`);
        continue;
      }
      const { truth, series } = await round(lab, observer, one);
      const recording = recordingOf(origin, one, truth, series);
      await mkdir(recordings, { recursive: true });
      await writeFile(join(recordings, `${agent.id}-${one.name}.txt`), recordingText(recording));
      const outcome = await judged(agent, one, recording);
      if (outcome.kind === 'judged') report.add(outcome.verdict);
      else report.omit(`${agent.id} ${one.name}: inconclusive, the agent lost events: ${outcome.reason}`);
    }
  } finally {
    await lab.remove();
    // Empty again: what was mounted there went with its processes.
    for (const folder of mountPoints) rmSync(folder, { recursive: true, force: true });
  }
}

/** The command `conformance:agents`. @returns its exit code. */
export async function runAgents(argv: readonly string[], output: Output): Promise<number> {
  const { values, help } = readOptions(argv, OPTIONS);
  if (help) {
    output.stdout(USAGE);
    return 0;
  }
  if (values.agents === undefined) throw new CannotRun('--agents: expected a folder with binaries of agents');
  const minutes = Number(values.minutes);
  if (!(minutes > 0))
    throw new CannotRun(`--minutes: got ${JSON.stringify(values.minutes)}, expected a number above 0`);
  const binaries = resolve(values.agents);
  const agents = chosenAgents(values.agent, binaries, existsSync);
  const cases = agents.map((agent) => ({ agent, all: chosenCases(agent, values.case) }));
  requireMachine(thisMachine(), agents);
  const log = (text: string): void => output.stderr(`${text}\n`);
  const removed = await removeLeftovers();
  if (removed > 0) log(`removed ${removed} network namespaces of a run that was killed`);

  const labs: Lab[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const lab of labs) await lab.remove();
    await rm(runFolder(), { recursive: true, force: true });
  };
  const interrupted = (): void => {
    log('interrupted: removing the network namespaces');
    void cleanUp().finally(() => process.exit(130));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupted);
  const report = reportTo(output);
  const run: Run = {
    binaries,
    recordings: resolve(values.recordings),
    report,
    log,
    register: (lab) => void labs.push(lab),
  };
  try {
    for (const { agent, all } of cases) {
      const deadline = performance.now() + minutes * 60_000;
      for (const group of groups(all)) await runGroup(run, agent, group, deadline);
    }
  } finally {
    await cleanUp();
    for (const signal of signals) process.off(signal, interrupted);
  }
  for (const source of FLOW_SOURCES)
    if (!AGENTS.some((agent) => agent.source === source)) report.omit(`${source}: the lab cannot run it`);
  return report.finish();
}
