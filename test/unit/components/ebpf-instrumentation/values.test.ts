import { expect, test } from '@jest/globals';
import { readingsOf } from '../../../../generators/build/readings.ts';
import { chartValues } from '../../../support/chart-values.ts';
import { generate } from '../../../support/generate.ts';

test.each([
  ['obi', 'opentelemetry-ebpf-instrumentation'],
  ['beyla', 'beyla'],
])('%s: the app names label, DaemonSet and pods, whatever it is', (source, chart) => {
  const given = { flows: { source }, [source]: { app: 'eyes' } };
  expect(chartValues(chart, { flows: { source } })).not.toHaveProperty('fullnameOverride');
  expect(chartValues(chart, given)).toMatchObject({ nameOverride: 'eyes', fullnameOverride: 'eyes' });
  const generated = generate(given);
  expect(generated.file('helm-values/kube-prometheus-stack.yaml')).toContain('app.kubernetes.io/name=eyes');
  const [agent] = readingsOf(generated.config).sources.flatMap(({ agents }) => agents);
  expect(agent).toMatchObject({ name: 'eyes', pods: 'eyes-[a-z0-9]{5}' });
});
