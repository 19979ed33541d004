import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { AGENTS, folderOf } from '../../../conformance/agents/agents.ts';
import type { AgentContext } from '../../../conformance/agents/agent.ts';
import { CASES } from '../../../conformance/agents/cases.ts';
import { NODES, PODS } from '../../../conformance/agents/network.ts';
import { recordingOf } from '../../../conformance/agents/record.ts';
import { type Machine, missingOn, PROGRAMS } from '../../../conformance/agents/requirements.ts';
import { unseenPods } from '../../../conformance/agents/rounds.ts';
import { chosenAgents, requireMachine, runAgents } from '../../../conformance/agents/run.ts';
import { changes, parsePage, seriesOf } from '../../../conformance/agents/scrape.ts';
import { configOf } from '../../../conformance/shared/cases.ts';
import { runCommand } from '../../../conformance/shared/main.ts';
import { parseRecording, recordingText } from '../../../conformance/shared/recording.ts';
import { makeBundle } from '../../../generators/index.ts';

const ALL: Machine = { isRoot: true, capabilities: (1n << 41n) - 1n, has: () => true, finds: () => true };

describe('the machine', () => {
  test('one that has everything lacks nothing', () => {
    expect(missingOn(ALL)).toEqual([]);
    expect(() => requireMachine(ALL, AGENTS)).not.toThrow();
  });

  test.each<[string, Partial<Machine>, readonly string[]]>([
    ['no root', { isRoot: false }, ['root']],
    ['no CAP_BPF', { capabilities: ALL.capabilities & ~(1n << 39n) }, ['the capability CAP_BPF']],
    [
      'no BTF',
      { has: (path) => !path.includes('btf') },
      ['BTF, the types of the kernel (CONFIG_DEBUG_INFO_BTF): no /sys/kernel/btf/vmlinux'],
    ],
    ['no etcd', { finds: (program) => program !== 'etcd' }, ['etcd on PATH (Debian: etcd-server)']],
  ])('%s', (_name, lack, missing) => {
    expect(missingOn({ ...ALL, ...lack })).toEqual(missing);
  });

  test('all that is missing is told at once', () => {
    const bare: Machine = { isRoot: false, capabilities: 0n, has: () => false, finds: () => false };
    expect(missingOn(bare)).toHaveLength(1 + 3 + 3 + Object.keys(PROGRAMS).length);
    expect(() =>
      requireMachine({ ...ALL, isRoot: false, finds: (name) => !['clang', 'promtool'].includes(name) }, AGENTS),
    ).toThrow(
      'not run: this machine lacks\n  root\n  promtool on PATH (Debian: prometheus)\n  clang on PATH (Debian: clang)',
    );
  });
});

describe('the folder of binaries', () => {
  const holding =
    (...paths: readonly string[]) =>
    (path: string): boolean =>
      paths.map((name) => join('/dir', name)).includes(path);

  test('agents that it has are chosen', () => {
    const has = holding('kube-apiserver', 'obi', 'obi/obi', 'obi/version');
    expect(chosenAgents([], '/dir', has).map(({ id }) => id)).toEqual(['obi']);
  });

  test('Retina is one folder for both of its modes', () => {
    expect(AGENTS.map(folderOf).filter((folder) => folder === 'retina')).toHaveLength(2);
  });

  test('an empty one is refused', () => {
    expect(() => chosenAgents([], '/dir', holding())).toThrow(
      '--agents: /dir has no agent; expected a folder retina, obi, beyla, netobserv or kubezonnet',
    );
  });

  test('all missing files are told at once', () => {
    expect(() => chosenAgents(['kubezonnet'], '/dir', holding('kubezonnet/kubezonnet-agent'))).toThrow(
      'not run: missing\n  /dir/kube-apiserver, the API server\n  /dir/kubezonnet/kubezonnet-server, the server\n' +
        '  /dir/kubezonnet/version, a text with its release or commit',
    );
  });

  test('an unknown agent is refused with the nearest', () => {
    expect(() => chosenAgents(['netobserve'], '/dir', holding())).toThrow(
      '--agent: got "netobserve", did you mean netobserv?',
    );
  });
});

describe('agents run with what Azimuth generates', () => {
  test.each(AGENTS.map((agent) => [agent.id, agent] as const))('%s', (_id, agent) => {
    const config = configOf({ name: agent.id, given: agent.config('low') });
    const written: Record<string, string> = {};
    const context: AgentContext = {
      binaries: '/dir',
      kubeconfig: '/run/kubeconfig',
      kubeconfigText: '{}',
      generated: makeBundle(config),
      aggregation: 'low',
      write: (path, text) => {
        written[path] = text;
        return join('/run', path);
      },
    };
    const programs = [...(agent.central?.(context) ?? []), ...NODES.flatMap((node) => agent.onNode(context, node))];
    expect(programs.length).toBeGreaterThanOrEqual(NODES.length);
    for (const { argv } of programs)
      expect(Object.keys(agent.files).map((file) => join('/dir', file))).toContain(argv[0]);
    expect(JSON.stringify([programs, written, agent.objects?.(context) ?? []])).not.toMatch(/undefined|\[object/);
    expect(agent.ports(config).every((port) => port > 0)).toBe(true);
  });
});

describe('counters', () => {
  const page = (text: string) => parsePage(text);

  test('by how much they rose; one that fell began again', () => {
    const before = page('# TYPE a counter\na{x="1"} 10\nb 5\nc 7\n');
    const after = page('a{x="1"} 12\na{x="2"} 1.5e+3\nb 2\nc 7\nd NaN\n');
    expect([...changes(before, after)]).toEqual([
      ['a{x="1"}', 2],
      ['a{x="2"}', 1500],
      ['b', 2],
    ]);
  });

  test('become series of a recording', () => {
    const changed = new Map([
      ['b', 2],
      ['a{x="a,b",y="\\"q\\""}', 1],
    ]);
    expect(seriesOf('n1', changed)).toEqual([
      { node: 'n1', metric: 'a', labels: { x: 'a,b', y: '"q"' }, change: 1 },
      { node: 'n1', metric: 'b', labels: {}, change: 2 },
    ]);
  });

  test('a pod is seen by a series of its own node that has its name, address or workload', () => {
    const series = (node: string, labels: Readonly<Record<string, string>>) => [
      { node, metric: 'm', labels, change: 1 },
    ];
    const unseen = (of: ReturnType<typeof series>) => unseenPods(of).map(({ app }) => app);
    const judged = PODS.flatMap(({ app }) => app ?? []);
    expect(unseen([])).toEqual(judged);
    for (const label of ['web-p1a', '10.77.1.2', 'web'])
      expect(unseen(series('n1', { l: label }))).toEqual(judged.filter((app) => app !== 'web'));
    expect(unseen(series('n2', { l: 'web' }))).toEqual(judged);
    expect(unseen(series('-', { l: 'web' }))).not.toContain('web');
  });
});

describe('recordings', () => {
  const links = (value: number) =>
    Object.fromEntries(
      [...PODS.map(({ host }) => host), ...NODES.map(({ name }) => name)].map((host) => [
        host,
        { rx_bytes: value, rx_packets: value, tx_bytes: 2 * value, tx_packets: value },
      ]),
    );
  const obi = AGENTS.find(({ id }) => id === 'obi');
  if (obi === undefined) throw new TypeError('no agent obi');

  test.each(CASES.map((one) => [one.name, one] as const))('of %s can be read back', (_name, one) => {
    const recording = recordingOf(
      { agent: obi, version: 'v1', date: '2026-11-30', config: { obi: { addresses: true } } },
      one,
      { before: links(1), after: links(11) },
      [
        { node: 'n1', metric: 'm', labels: { src_address: '10.77.1.2' }, change: 4 },
        { node: 'n1', metric: 'm', labels: { src_address: '10.77.1.9' }, change: 4 },
      ],
    );
    expect(parseRecording('it', recordingText(recording))).toEqual(recording);
    expect(recording.series).toHaveLength(1);
    expect(recording.truth['shop/web-p1a']).toEqual({ tx: { bytes: 20, packets: 10 }, rx: { bytes: 10, packets: 10 } });
  });
});

describe('conformance:agents', () => {
  const run = async (...argv: string[]) => {
    const written = { stdout: '', stderr: '' };
    const code = await runCommand('conformance:agents', runAgents, argv, {
      stdout: (text) => (written.stdout += text),
      stderr: (text) => (written.stderr += text),
    });
    return { code, ...written };
  };

  test('shows its options, agents and cases', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    for (const word of ['--agents <folder>', ...AGENTS.map(({ id }) => id), ...CASES.map(({ name }) => name)])
      expect(stdout).toContain(word);
  });

  test.each<[string, readonly string[], string]>([
    ['no folder', [], '--agents: expected a folder with binaries of agents'],
    ['minutes', ['--agents=/dir', '--minutes=soon'], '--minutes: got "soon", expected a number above 0'],
    ['an option', ['--agnets=/dir'], 'unknown option --agnets, did you mean --agents?'],
    ['a folder without agents', ['--agents=/nowhere'], '--agents: /nowhere has no agent; expected a folder retina'],
  ])('refuses %s', async (_name, argv, message) => {
    const { code, stdout, stderr } = await run(...argv);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`conformance:agents: ${message}`);
  });
});
