import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { Agent } from '../agent.ts';
import { at, environmentOf, valuesOf } from './shared.ts';

/** OpenTelemetry eBPF Instrumentation or Beyla, with the configuration of the generated values. */
const instrumentation = (id: 'obi' | 'beyla', chart: string): Agent => ({
  id,
  source: id,
  files: { [id]: 'the agent' },
  bytes: 'ethernet',
  // Ends outside have no name: only addresses tell them apart.
  config: () => ({ flows: { source: id }, [id]: { addresses: true } }),
  onNode: (context, node) => {
    const config = at(valuesOf(context, chart), 'config', 'data') as Readonly<Record<string, unknown>>;
    const kubernetes = at(config, 'attributes', 'kubernetes') as object;
    const file = context.write(
      `${node.name}.yaml`,
      dump({
        ...config,
        attributes: {
          ...(config['attributes'] as object),
          kubernetes: { ...kubernetes, kubeconfig_path: context.kubeconfig },
        },
      }),
    );
    return [{ name: id, argv: [join(context.binaries, id), `-config=${file}`], env: environmentOf(context, node) }];
  },
  ports: (config) => [config[id].port],
  losses: [/^(?:obi|beyla)_(?:.*_)?(?:lost|dropped)_.*_total/],
  delaySeconds: 15,
});

export const obi = instrumentation('obi', 'opentelemetry-ebpf-instrumentation');
export const beyla = instrumentation('beyla', 'beyla');
