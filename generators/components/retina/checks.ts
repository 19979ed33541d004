import { checkOf, problem, type Check } from '../../settings/check.ts';
import { atLeast } from '../../shared/version.ts';
import { readsFrom } from '../../traffic/index.ts';
import type { RetinaConfig } from './settings.ts';

const check = checkOf<RetinaConfig>();

/** Upstream: Retina, deploy/{hubble,standard}: the agent's DaemonSet has one name in both charts, and both listen on retinaPort. */
const oneMode = check(['flows.source'], (config) =>
  readsFrom(config, 'retina-hubble') && readsFrom(config, 'retina-standard')
    ? [
        problem(
          'flows.source',
          config.flows.source,
          'one of retina-hubble and retina-standard, as both charts install a DaemonSet retina-agent that listens on port 10093 of ' +
            'its node; for bytes beside retina-hubble take netobserv, obi or beyla',
        ),
      ]
    : [],
);

/** Exactly one list goes into a MetricsConfiguration, and older agents do not fill the second. */
const namespaces = check(['flows.source', 'retina.namespaces', 'retina.version'], (config) => {
  const { version, namespaces: given } = config.retina;
  if (!readsFrom(config, 'retina-standard') || given.exclude.length === 0) return [];
  if (given.include.length > 0) return [problem('retina.namespaces', given, 'include or exclude, not both')];
  return atLeast(version, 'v1.2.0')
    ? []
    : [problem('retina.namespaces.exclude', given.exclude, `retina.version v1.2.0 or newer, as ${version} ignores it`)];
});

/**
 * Packets between two reports of a connection are counted from v1.0.0 on. Upstream: Retina, pkg/module/metrics/forward.go, which
 * adds what was observed since the last report.
 */
const bytes = check(['flows.source', 'retina.version'], (config) =>
  readsFrom(config, 'retina-standard') && !atLeast(config.retina.version, 'v1.0.0')
    ? [
        problem(
          'retina.version',
          config.retina.version,
          'v1.0.0 or newer for retina-standard, as older ones lose bytes with high aggregation and count them twice with low',
        ),
      ]
    : [],
);

/** Whether Retina can be installed as asked. */
export const checks: readonly Check[] = [oneMode, namespaces, bytes];
