import { checkOf } from '../../settings/check.ts';
import { problemIf } from '../../shared/checks.ts';
import { LIST_KIND } from '../../shared/list-kind.ts';
import { component } from '../contract.ts';
import { networkBenchmarkManifest } from './objects.ts';
import { type NetworkBenchmarkConfig, READS, SETTINGS } from './settings.ts';

const ownNamespace = checkOf<NetworkBenchmarkConfig>()(['networkBenchmark'], ({ networkBenchmark: { namespace } }) =>
  problemIf(
    namespace === 'default' || namespace === 'monitoring' || namespace.startsWith('kube-'),
    'networkBenchmark.namespace',
    namespace,
    'a namespace of its own: it becomes restricted, and ending the benchmark deletes it',
  ),
);

/** Throughput and latency between pods by iperf3 and netperf, to compare before and after a change. */
export const networkBenchmark = component({
  id: 'network-benchmark',
  settings: SETTINGS,
  reads: READS,
  checks: [ownNamespace],
  enabled: ({ networkBenchmark: { enabled } }) => enabled || 'networkBenchmark.enabled is false',
  demands: [
    {
      output: 'manifests',
      setting: 'networkBenchmark.enabled',
      when: ({ networkBenchmark: { enabled } }) => enabled,
    },
  ],
  manifests: (config) => [networkBenchmarkManifest(config)],
  kinds: LIST_KIND,
});
