import { describe, expect, test } from '@jest/globals';
import { leftovers, runName, runOf } from '../../../conformance/agents/lab.ts';
import {
  type Argv,
  HOSTS,
  masquerade,
  networkDown,
  networkUp,
  NODES,
  offloads,
} from '../../../conformance/agents/network.ts';

const naming = (host: string): string => `run-${host}`;
const CNIS = ['routed', 'bridge'] as const;

/** The namespaces in which a command works; none for one that would touch those of the machine. */
function namespacesOf(argv: Argv): readonly string[] {
  const [program, first, second, third] = argv;
  if (program !== 'ip') return [];
  if (first === '-n')
    return [second ?? '', ...argv.flatMap((word, index) => (word === 'netns' ? [argv[index + 1] ?? ''] : []))];
  if (first === 'netns') return [third ?? ''];
  return argv.flatMap((word, index) => (word === 'netns' ? [argv[index + 1] ?? ''] : []));
}

const text = (commands: readonly Argv[]): readonly string[] => commands.map((argv) => argv.join(' '));

describe.each(CNIS)('the network, %s', (cni) => {
  const commands = networkUp(naming, cni);

  test('works in namespaces of the run only', () => {
    const all = [...commands, ...offloads(naming, true, cni), ...masquerade(naming, true), ...networkDown(naming)];
    expect(all.length).toBeGreaterThan(100);
    for (const argv of all) {
      const spaces = namespacesOf(argv);
      expect([argv.join(' '), spaces.length > 0 && spaces.every((name) => name.startsWith('run-'))]).toEqual([
        argv.join(' '),
        true,
      ]);
    }
  });

  test('removes every namespace that it adds', () => {
    const named = (verb: string, of: readonly Argv[]) =>
      of.filter((argv) => argv[1] === 'netns' && argv[2] === verb).map((argv) => argv[3]);
    expect(new Set(named('add', commands))).toEqual(new Set(named('del', networkDown(naming))));
    expect(named('add', commands)).toHaveLength(HOSTS.length + 1);
  });

  test('adds a namespace before it uses it', () => {
    const isAdd = (argv: Argv): boolean => argv[1] === 'netns' && argv[2] === 'add';
    const added = (index: number) => commands.slice(0, index).flatMap((argv) => (isAdd(argv) ? [argv[3]] : []));
    const early = commands.filter(
      (argv, index) => !isAdd(argv) && !namespacesOf(argv).every((name) => added(index).includes(name)),
    );
    expect(early).toEqual([]);
  });

  test('eth0 of a node is no veth, and names of interfaces fit', () => {
    const links = text(commands).filter((line) => line.includes(' link add '));
    const veths = links.filter((line) => line.includes('type veth'));
    for (const { name } of NODES) {
      expect(links.filter((line) => line.includes(`netns run-${name} type macvlan`))).toHaveLength(1);
      expect(veths.some((line) => line.includes(`name eth0`) && line.endsWith(`netns run-${name}`))).toBe(false);
    }
    for (const line of links) {
      const [, name = ''] = / link add (?:link \S+ name )?(\S+)/.exec(line) ?? [];
      expect(name.length).toBeLessThanOrEqual(15);
    }
  });

  test('hardware addresses are given and differ', () => {
    const given = text(commands).flatMap((line) =>
      line.includes(' link add ') ? (line.match(/02(?::[0-9a-f]{2}){5}/g) ?? []) : [],
    );
    const hosts = given.filter((address) => given.filter((other) => other === address).length > 1);
    // The bridge of each node has the same: they are on networks of their own.
    expect(new Set(hosts).size).toBeLessThanOrEqual(cni === 'bridge' ? 1 : 0);
  });
});

test('the two CNIs differ: a route for each pod, or a bridge', () => {
  const [routed = '', bridge = ''] = CNIS.map((cni) => text(networkUp(naming, cni)).join('\n'));
  expect(routed).toMatch(/route add 10\.77\.1\.2 dev vp1a/);
  expect(routed).not.toContain('type bridge');
  expect(bridge).not.toMatch(/route add 10\.77\.1\.2 dev/);
  expect(bridge).toContain('type bridge');
  expect(bridge).toContain('bridge-nf-call-iptables=1');
});

test('masquerading can be turned off again', () => {
  expect(text(masquerade(naming, true)).filter((line) => line.includes('MASQUERADE'))).toHaveLength(2 * NODES.length);
  expect(text(masquerade(naming, false)).every((line) => line.endsWith('-F OUTSIDE'))).toBe(true);
});

test('offloads of every interface of a bridge, too', () => {
  const lines = text(offloads(naming, false, 'bridge'));
  expect(lines).toContain('ip netns exec run-n1 ethtool -K cni0 tso off gso off gro off tx off');
  expect(lines.some((line) => line.includes(' on'))).toBe(false);
});

describe('leftovers of runs that were killed', () => {
  const running = runName(17, '400');
  const killed = runName(18, '500');

  test('a name tells its run', () => {
    expect(runOf(`${running}-n1`)).toEqual({ pid: 17, began: '400' });
    expect([runOf('n1'), runOf('azimuth-agents'), runOf('azimuth-agents-x-1'), runOf('cni-17-400')]).toEqual(
      Array.from({ length: 4 }),
    );
  });

  test('only what a run that has ended made is left over', () => {
    const isRunning = ({ pid, began }: { readonly pid: number; readonly began: string }) =>
      pid === 17 && began === '400';
    const names = [`${running}-n1`, `${killed}-n1`, runName(17, '399'), 'n1', 'docker', 'azimuth-test-17'];
    expect(leftovers(names, isRunning)).toEqual([`${killed}-n1`, runName(17, '399')]);
  });
});
