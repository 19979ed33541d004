import { existsSync, readFileSync } from 'node:fs';
import { onPath } from '../../bench/process/tools.ts';

/** What the lab needs of a machine, as far as it can be seen without a change to it. */
export interface Machine {
  readonly isRoot: boolean;
  /** Effective capabilities, as a bit mask. */
  readonly capabilities: bigint;
  /** Whether a file or folder exists. */
  readonly has: (path: string) => boolean;
  /** Whether a program is on PATH. */
  readonly finds: (program: string) => boolean;
}

/** Linux capabilities by bit. Upstream: include/uapi/linux/capability.h. */
const CAPABILITIES = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n, CAP_BPF: 39n } as const;

/** Paths that must exist, with what they stand for. */
const PATHS = {
  '/sys/kernel/btf/vmlinux': 'BTF, the types of the kernel (CONFIG_DEBUG_INFO_BTF)',
  '/sys/fs/bpf': 'a kernel with eBPF (CONFIG_BPF_SYSCALL)',
  '/proc/sys/net/bridge': 'the kernel module br_netfilter',
} as const;

/** Programs by name, with the Debian package that has each. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  iptables: 'iptables',
  ip6tables: 'iptables',
  ethtool: 'ethtool',
  sysctl: 'procps',
  mount: 'mount',
  openssl: 'openssl',
  etcd: 'etcd-server',
};

/**
 * What a machine lacks, each in a few words; empty if the lab can run.
 * @param programs further programs that must be on PATH, with where to get each.
 */
export function missingOn(machine: Machine, programs: Readonly<Record<string, string>> = {}): readonly string[] {
  const lacks = Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((machine.capabilities >> bit) & 1n) === 0n)
    .map(([name]) => name);
  return [
    ...(machine.isRoot ? [] : ['root']),
    ...lacks.map((name) => `the capability ${name}`),
    ...Object.entries(PATHS)
      .filter(([path]) => !machine.has(path))
      .map(([path, what]) => `${what}: no ${path}`),
    ...Object.entries(PROGRAMS)
      .filter(([name]) => !machine.finds(name))
      .map(([name, debian]) => `${name} on PATH (Debian: ${debian})`),
    ...Object.entries(programs)
      .filter(([name]) => !machine.finds(name))
      .map(([name, where]) => `${name} on PATH (${where})`),
  ];
}

const effectiveCapabilities = (): bigint => {
  if (!existsSync('/proc/self/status')) return 0n;
  const [, mask = '0'] = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return BigInt(`0x${mask}`);
};

/** This machine. */
export const thisMachine = (): Machine => ({
  isRoot: process.getuid?.() === 0,
  capabilities: effectiveCapabilities(),
  has: existsSync,
  finds: (program) => onPath(program) !== undefined,
});
