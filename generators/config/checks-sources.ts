import { readsFrom } from '../sources/index.ts';
import { problem, type Check } from './check.ts';
import { atLeast } from '../shared/version.ts';

/** Exactly one list goes into a MetricsConfiguration, and older agents do not fill the second. */
const retinaNamespaces: Check = {
  reads: ['flows.source', 'retina.namespaces', 'retina.version'],
  find: (config) => {
    const { version, namespaces } = config.retina;
    if (!readsFrom(config, 'retina-standard') || namespaces.exclude.length === 0) return [];
    if (namespaces.include.length > 0) {
      return [problem('retina.namespaces', namespaces, 'include or exclude, not both')];
    }
    return atLeast(version, 'v1.2.0')
      ? []
      : [
          problem(
            'retina.namespaces.exclude',
            namespaces.exclude,
            `retina.version v1.2.0 or newer, as ${version} ignores it`,
          ),
        ];
  },
};

/**
 * Packets between two reports of a connection are counted from v1.0.0 on. Upstream: Retina, pkg/module/metrics/forward.go, which
 * adds what was observed since the last report.
 */
const retinaBytes: Check = {
  reads: ['flows.source', 'retina.version'],
  find: (config) =>
    readsFrom(config, 'retina-standard') && !atLeast(config.retina.version, 'v1.0.0')
      ? [
          problem(
            'retina.version',
            config.retina.version,
            'v1.0.0 or newer for retina-standard, as older ones lose bytes with high aggregation and count them twice with low',
          ),
        ]
      : [],
};

/** Whether the flow sources can be installed as asked. */
export const sourceChecks: readonly Check[] = [retinaNamespaces, retinaBytes];
