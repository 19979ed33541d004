import { expect, test } from '@jest/globals';
import { generate } from '../support/generate.ts';
import type { InputSeries } from '../support/rule-test.ts';
import { holds, type Labels } from './allowances-input.ts';
import { AGENT, AT, FLOWS, MINUTES, OTHER, PARSED, RETINA, SHARE } from './flow-events-input.ts';
import { counting, during, expectAlerts } from './pipeline-input.ts';

test('what a real agent of Retina lost, standard mode: 365 of 4,000 events in the kernel, 291 in a ring of its own', async () => {
  const inMinute = (agent: Labels, type: string, reason: string, lost: number, parsed: number): InputSeries[] => [
    counting(PARSED, agent, during([MINUTES, parsed])),
    counting(RETINA, { ...agent, type, reason }, during([MINUTES, lost])),
  ];
  const share = (agent: Labels, type: string, value: number) =>
    [
      { cluster: 'production', instance: agent['instance'] ?? '', source: 'retina-standard', type },
      Math.round(value * 1e6) / 1e6,
    ] as const;
  await expectAlerts(
    generate({ flows: { source: 'retina-standard' } }),
    [
      ...inMinute(AGENT, 'kernel', 'packetparser', 365, 3635),
      ...inMinute(OTHER, 'enricher_ring', 'metricModule', 291, 4845),
    ],
    // Events of the ring were parsed before, so this share is a little low: 291 of 4,845.
    holds(SHARE, `${AT}m`, [share(AGENT, 'kernel', 365 / 4000), share(OTHER, 'enricher_ring', 291 / (291 + 4845))]),
  );
});

test('kubezonnet has no such records: neither agents nor server count what they lose', () => {
  const { bundle } = generate({ flows: { source: 'kubezonnet' } });
  const names = bundle.ruleFiles.flatMap(({ groups }) => groups.map(({ name }) => name));
  expect(names).not.toContain('azimuth-flow-events');
});

test('before v1.0.0 Retina counts no events that it handled, so the flows stand for them', async () => {
  const rules = generate({ retina: { version: 'v0.0.34' }, rules: { interval: '30s' } });
  await expectAlerts(
    rules,
    [
      counting(FLOWS, { ...AGENT, type: 'Trace' }, during([MINUTES, 900])),
      counting(RETINA, { ...AGENT, type: 'kernel', reason: 'packetparser' }, during([MINUTES, 100])),
    ],
    holds(SHARE, `${AT}m`, [
      [{ cluster: 'production', instance: 'node-a', source: 'retina-hubble', type: 'kernel' }, 0.1],
    ]),
  );
});
