import { describe, test } from '@jest/globals';
import { SOURCE_IDS, type SourceId } from '../../../bench/sources/index.ts';
import { sourcesWith } from '../../support/expected-traffic.ts';
import { expectScenario, type Scenario, type Setup } from './harness.ts';

/** Why a case says nothing about some sources. */
export type Exceptions = Readonly<Partial<Record<SourceId, string>>>;

/** One thing that breaks naive joins, for every source that it can happen to. */
export interface Case {
  readonly name: string;
  /** Sources to which it does not apply, each with the reason. */
  readonly except?: Exceptions;
  readonly scenario: (setup: Setup) => Scenario;
}

const except = (reason: string, ...ids: readonly SourceId[]): Exceptions =>
  Object.fromEntries(ids.map((id) => [id, reason]));

/** Reasons that several cases share. */
export const EXCEPT = {
  /** Cases about addresses. */
  noAddresses: except('it has no labels for addresses', ...sourcesWith('addresses', false)),
  /** Cases about what IPv6 looks like. */
  noIpv6: except("Retina's data path does not see IPv6", 'retina-hubble', 'retina-standard'),
  /** Cases about the moment of a change, in which the name of a pod must be in the labels of its series. */
  noPods: {
    ...except('it names workloads, whose series go on when one pod changes', ...sourcesWith('pods', false)),
    ...except('it names pods without a place, whose series go on when the pod moves', 'kubezonnet'),
  },
  /** Cases about two places of one pod at a time. */
  onePlace: except('its reports are compared by name, and a name has one place at a time', 'obi', 'beyla'),
} as const satisfies Record<string, Exceptions>;

/** Several run at a time, on machines that may be busy. */
export const TIMEOUT_MS = 60_000;

/** A test for each case and each source to which it applies. @throws TypeError when a case applies to none. */
export function describeCases(cases: readonly Case[]): void {
  const applying = (id: SourceId) => cases.filter((one) => one.except?.[id] === undefined);
  const tried = new Set(SOURCE_IDS.flatMap(applying));
  const untried = cases.filter((one) => !tried.has(one));
  if (untried.length > 0) throw new TypeError(`no source for: ${untried.map(({ name }) => name).join(', ')}`);
  describe.each(SOURCE_IDS.filter((id) => applying(id).length > 0))('%s', (id) => {
    test.concurrent.each(applying(id))(
      '$name',
      async ({ name, scenario }) => {
        const setup = { id };
        await expectScenario(name, setup, scenario(setup));
      },
      TIMEOUT_MS,
    );
  });
}
