import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { atLeast } from '../../shared/version.ts';

/** Cilium as it would be installed, with the profile filled in. */
export type CiliumFacts = Omit<CiliumConfig['cilium'], keyof CiliumChoices> &
  CiliumChoices & { readonly provider: CiliumConfig['cloud']['provider'] };

/** One thing that needs another; the sentence of the message is "expected <expected>, as <asks> <why>". */
export interface Requirement {
  readonly asks: keyof CiliumFacts;
  readonly when: (facts: CiliumFacts) => boolean;
  readonly needs: keyof CiliumFacts;
  readonly met: (facts: CiliumFacts) => boolean;
  readonly expected: string;
  readonly why: string;
}

type Condition = Requirement['when'];

/** Needs the kernel `least`. Releases of distributions with features of later ones are given as what they are equivalent to. */
export const kernel = (asks: Requirement['asks'], when: Condition, least: string): Requirement => ({
  asks,
  when,
  needs: 'kernel',
  // With a third number, as 6.8.0 is no older than 6.8.
  met: (facts) => atLeast(`v${facts.kernel}`, `v${least}.0`),
  expected: `${least} or newer`,
  why: 'needs that kernel on every node',
});

/** Needs the release `least` of Cilium. */
export const release = (asks: Requirement['asks'], when: Condition, least: string, why: string): Requirement => ({
  asks,
  when,
  needs: 'version',
  met: ({ version }) => atLeast(`v${version}`, `v${least}`),
  expected: `${least} or newer`,
  why,
});

/** Needs that Cilium stands in for kube-proxy. */
export const withoutKubeProxy = (asks: Requirement['asks'], when: Condition, why: string): Requirement => ({
  asks,
  when,
  needs: 'kubeProxyReplacement',
  met: ({ kubeProxyReplacement }) => kubeProxyReplacement,
  expected: 'true',
  why,
});

/** Needs that packets skip the host's network stack. */
export const hostRouting = (asks: Requirement['asks'], when: Condition, why: string): Requirement => ({
  asks,
  when,
  needs: 'hostRouting',
  met: (facts) => facts.hostRouting === 'bpf',
  expected: 'bpf',
  why,
});

/** Needs a network that routes to pods. */
export const noTunnel = (asks: Requirement['asks'], when: Condition, why: string): Requirement => ({
  asks,
  when,
  needs: 'tunnel',
  met: ({ tunnel }) => tunnel === 'disabled',
  expected: 'disabled',
  why,
});

/** Whether replies of endpoints go to clients directly. */
export const dsr: Condition = ({ loadBalancer }) => loadBalancer.mode !== 'snat';
