import type { Warning } from '../../model/report.ts';
import { checkOf, problem } from '../../settings/check.ts';
import { matchesWhole, regexProblem } from '../../settings/regex.ts';
import { problemIf } from '../../shared/checks.ts';
import { LIST_KIND } from '../../shared/list-kind.ts';
import { chosenNamespaces } from '../../shared/settings.ts';
import { zoneFilter, zoneVocabulary } from '../../identity/index.ts';
import { chosenSources } from '../../traffic/index.ts';
import { component } from '../contract.ts';
import { inName, trafficCheckManifest, zoneLabel } from './objects.ts';
import { READS, SETTINGS, type TrafficCheckConfig } from './settings.ts';

const check = checkOf<TrafficCheckConfig>();

const enough = check(['trafficCheck', 'zones'], ({ trafficCheck: { enabled, zones: listed }, zones }) => {
  const label = zoneLabel({ zones });
  return problemIf(
    enabled && listed.length < 2,
    'trafficCheck.zones',
    listed,
    `two or more values of the node label ${label} (kubectl get nodes --label-columns ${label})`,
  );
});

/** Zone IDs of AWS, such as use1-az4 and usw2-lax1-az1. */
const AWS_ID = /^[a-z]+[0-9]+(-[a-z0-9]+)*-(az|wlz)[0-9]+$/;

const vocabulary = check(['trafficCheck', 'zones', 'cloud'], ({ trafficCheck, zones, cloud }) => {
  if (!trafficCheck.enabled) return [];
  const used = zoneVocabulary({ zones });
  const filter = zoneFilter({ zones, cloud });
  return trafficCheck.zones.flatMap((zone, index) => {
    const path = `trafficCheck.zones.${index}`;
    const isId = AWS_ID.test(zone);
    if (used === 'ids' && !isId)
      return [problem(path, zone, `a zone ID such as use1-az4, as in ${zoneLabel({ zones })}`)];
    if (used === 'names' && isId && cloud.provider === 'aws') {
      return [problem(path, zone, `a zone name such as us-east-1a, as in ${zoneLabel({ zones })}`)];
    }
    const isRefused = filter !== undefined && regexProblem(filter) === undefined && !matchesWhole(filter, zone);
    return problemIf(
      isRefused,
      path,
      zone,
      `a zone that counts (${zones.valid === null ? 'cloud.provider is azure' : 'zones.valid'})`,
    );
  });
});

const distinct = check(['trafficCheck'], ({ trafficCheck: { zones } }) => {
  const names = zones.map(inName);
  return zones.flatMap((zone, index) => {
    const other = zones[names.indexOf(inName(zone))];
    return problemIf(
      other !== zone,
      `trafficCheck.zones.${index}`,
      zone,
      `a zone that differs from ${other} in more than capitals and signs, as objects are named after it`,
    );
  });
});

const ownNamespace = check(['trafficCheck'], ({ trafficCheck: { namespace } }) =>
  problemIf(
    namespace === 'default' || namespace === 'monitoring' || namespace.startsWith('kube-'),
    'trafficCheck.namespace',
    namespace,
    'a namespace of its own: it becomes restricted, and ending the check deletes it',
  ),
);

const warning = (settings: readonly string[], reason: string): Warning => ({ kind: 'doubtful', settings, reason });

/** Why there is nothing to compare with, or not by zone and workload. */
function uncompared(config: TrafficCheckConfig): readonly Warning[] {
  const { flows, retina, trafficCheck } = config;
  const sources = chosenSources(flows);
  const chosen = chosenNamespaces(retina.namespaces);
  const isLeftOut =
    chosen !== undefined &&
    ('include' in chosen
      ? !chosen.include.includes(trafficCheck.namespace)
      : chosen.exclude.includes(trafficCheck.namespace));
  return [
    ...(sources.length === 0
      ? [warning(['trafficCheck.enabled'], 'flows.source is none: no traffic is recorded to compare with')]
      : []),
    ...(sources.length > 0 && flows.granularity === 'zone'
      ? [
          warning(
            ['trafficCheck.enabled', 'flows.granularity'],
            'the traffic of the check is told from the rest by workload',
          ),
        ]
      : []),
    ...(sources.includes('retina-standard') && isLeftOut
      ? [warning(['retina.namespaces'], `Retina does not measure ${trafficCheck.namespace}`)]
      : []),
  ];
}

/** Traffic of a known size, to compare with what is recorded. */
export const trafficCheck = component({
  id: 'traffic-check',
  settings: SETTINGS,
  reads: READS,
  checks: [enough, vocabulary, distinct, ownNamespace],
  enabled: ({ trafficCheck: { enabled } }) => enabled || 'trafficCheck.enabled is false',
  demands: [{ output: 'manifests', setting: 'trafficCheck.enabled', when: ({ trafficCheck: { enabled } }) => enabled }],
  warnings: uncompared,
  manifests: (config) => [trafficCheckManifest(config)],
  kinds: LIST_KIND,
});
