import { bytesOf } from '../../schema/limits.ts';
import type { Size } from '../../model/artifact.ts';
import type { RuleFile } from '../../model/rules.ts';
import { because, type Tree } from '../../model/tree.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, resourceDrafts, versionAnnotation, type Resource } from '../resource.ts';
import { plainRuleFile } from '../rule-groups.ts';
import { alertmanagerConfiguration, hasReceiver } from './alertmanager.ts';
import { READS, type AmpConfig } from './config.ts';
import { kinds } from './kinds.ts';

const FOLDER = 'rules/amp';

const API_VERSION = 'prometheusservice.services.k8s.aws/v1alpha1';

/** Bytes of a rule group namespace's name and a group's together. Upstream: the AMP API, CreateRuleGroupsNamespace. */
const MAX_NAME_BYTES = 721;

const metadata = ({ amp }: AmpConfig, name: string, version: number): Tree => ({
  name,
  namespace: amp.namespace,
  labels: PART_OF_AZIMUTH,
  annotations: because('Rises by one whenever the content changes.', versionAnnotation(version)),
});

/** Which workspace: exactly one of an ID and a reference, as the configuration has checked. */
function workspace({ amp: { workspaceId, workspace: ref, namespace } }: AmpConfig): { readonly [key: string]: Tree } {
  if (workspaceId !== null) return { workspaceID: because('Cannot be changed later.', workspaceId) };
  return {
    workspaceRef: because('The Workspace object, whose status knows the ID.', {
      from: { name: ref.name, namespace: ref.namespace ?? namespace },
    }),
  };
}

const fileSize = ({ amp }: AmpConfig, text: string): Size => ({
  of: 'one file of AMP (amp.quotas.fileBytes)',
  size: bytesOf(text),
  max: amp.quotas.fileBytes,
});

/** All rules together: the workspace would take only some of them. */
const workspaceSize = ({ amp: { quotas } }: AmpConfig, ruleFiles: readonly RuleFile[]): Size => ({
  of: 'the workspace (amp.quotas.rules)',
  size: ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).length,
  max: quotas.rules,
  unit: 'rules',
  path: FOLDER,
});

function ruleGroupsNamespace(config: AmpConfig, file: RuleFile, all: Size): Resource {
  const configuration = plainRuleFile(file);
  const name = `azimuth-${file.name}`;
  const longest = Math.max(...file.groups.map((group) => bytesOf(`${name}${group.name}`)));
  const { tags } = config.amp;
  return {
    path: `${FOLDER}/${file.name}.yaml`,
    header:
      `${file.header}\n` +
      'For the ACK controller of Amazon Managed Service for Prometheus. What AMP refuses becomes terminal in the controller: ' +
      'delete the object and apply it again.',
    sizes: [
      all,
      fileSize(config, configuration),
      { of: 'the names of a rule group namespace and a group', size: longest, max: MAX_NAME_BYTES },
    ],
    object: (version) => ({
      apiVersion: API_VERSION,
      kind: 'RuleGroupsNamespace',
      metadata: metadata(config, name, version),
      spec: {
        name: because('Cannot be changed later.', name),
        ...workspace(config),
        ...(Object.keys(tags).length > 0 && { tags }),
        configuration: because(
          `The file rules/prometheus/${file.name}.rules.yaml as it is; nothing reads it as a template.`,
          configuration,
        ),
      },
    }),
  };
}

function alertManagerDefinition(config: AmpConfig): Resource {
  const configuration = alertmanagerConfiguration(config);
  return {
    path: `${FOLDER}/alertmanager-definition.yaml`,
    header:
      'Whom the alerts of an AMP workspace tell. A workspace has one definition: this replaces what is there, also for alerts ' +
      'of others. AMP needs a policy that lets it publish to the SNS topic or read the secret.',
    sizes: [fileSize(config, configuration)],
    object: (version) => ({
      apiVersion: API_VERSION,
      kind: 'AlertManagerDefinition',
      metadata: metadata(config, 'azimuth-alertmanager', version),
      spec: {
        ...workspace(config),
        configuration: because(
          "AMP's own document, whose one key holds Alertmanager's configuration as text.",
          configuration,
        ),
      },
    }),
  };
}

/**
 * Rules and the Alertmanager definition for Amazon Managed Service for Prometheus through ACK. The chain of the recordings stays
 * in one group, as AMP orders nothing beyond groups.
 */
export const amp = output({
  id: 'amp',
  folder: FOLDER,
  settings: {},
  reads: READS,
  kinds,
  emit: ({ ruleFiles }, config) => {
    const all = workspaceSize(config, ruleFiles);
    return resourceDrafts(config, [
      ...ruleFiles.map((file) => ruleGroupsNamespace(config, file, all)),
      ...(hasReceiver(config) ? [alertManagerDefinition(config)] : []),
    ]);
  },
  skipped: (config) =>
    hasReceiver(config)
      ? []
      : [
          {
            kind: 'Alertmanager definition for AMP',
            reason: 'neither amp.alertmanager.sns.topicArn nor amp.alertmanager.pagerduty.secretArn is set',
          },
        ],
});
