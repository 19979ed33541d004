import { bytesOf } from '../../schema/limits.ts';
import type { Size } from '../../model/artifact.ts';
import type { RuleFile } from '../../model/rules.ts';
import { because, type Tree } from '../../model/tree.ts';
import { output } from '../output.ts';
import { PART_OF_AZIMUTH, resourceDraft, versionAnnotation, type Resource } from '../resource.ts';
import { plainRuleFile } from '../rule-groups.ts';
import { alertmanagerConfiguration, hasReceiver } from './alertmanager.ts';
import { READS, type AmpConfig } from './config.ts';
import { kinds } from './kinds.ts';

const FOLDER = 'rules/amp';

const API_VERSION = 'prometheusservice.services.k8s.aws/v1alpha1';

/** Maximum size of the names of a rule group namespace and a group together, in bytes. Upstream: the AMP API, CreateRuleGroupsNamespace. */
const MAX_NAME_BYTES = 721;

const metadata = ({ amp }: AmpConfig, name: string, version: number): Tree => ({
  name,
  namespace: amp.namespace,
  labels: PART_OF_AZIMUTH,
  annotations: because('Increases by one whenever the content changes.', versionAnnotation(version)),
});

/** The workspace, by ID or by reference; the checks of the configuration guarantee exactly one. */
function workspace({ amp: { workspaceId, workspace: ref, namespace } }: AmpConfig): { readonly [key: string]: Tree } {
  if (workspaceId !== null) return { workspaceID: because('Immutable.', workspaceId) };
  return {
    workspaceRef: because('The Workspace object; the controller reads the ID from its status.', {
      from: { name: ref.name, namespace: ref.namespace ?? namespace },
    }),
  };
}

const fileSize = ({ amp }: AmpConfig, text: string): Size => ({
  of: 'one file of AMP (amp.quotas.fileBytes)',
  size: bytesOf(text),
  max: amp.quotas.fileBytes,
});

/** The quota applies to all rules together: a workspace would accept only some of them. */
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
      'For the ACK controller of Amazon Managed Service for Prometheus. If AMP rejects an object, the controller does not retry: ' +
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
        name: because('Immutable.', name),
        ...workspace(config),
        ...(Object.keys(tags).length > 0 && { tags }),
        configuration: because(
          `The unchanged content of rules/prometheus/${file.name}.rules.yaml; it is not evaluated as a template.`,
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
      'Receivers for alerts of an AMP workspace. A workspace has one definition: this one replaces the existing one, also for alerts ' +
      'that are not from Azimuth. AMP needs a policy that allows it to publish to the SNS topic or to read the secret.',
    sizes: [fileSize(config, configuration)],
    object: (version) => ({
      apiVersion: API_VERSION,
      kind: 'AlertManagerDefinition',
      metadata: metadata(config, 'azimuth-alertmanager', version),
      spec: {
        ...workspace(config),
        configuration: because(
          "AMP's wrapper document; its key holds Alertmanager's configuration as text.",
          configuration,
        ),
      },
    }),
  };
}

/**
 * Rules and the Alertmanager definition for Amazon Managed Service for Prometheus, through ACK. Rules that depend on each other are in one
 * group, because AMP guarantees no order between groups.
 */
export const amp = output({
  id: 'amp',
  folder: FOLDER,
  settings: {},
  reads: READS,
  kinds,
  emit: ({ ruleFiles }, config) => {
    const all = workspaceSize(config, ruleFiles);
    return [
      ...ruleFiles.map((file) => ruleGroupsNamespace(config, file, all)),
      ...(hasReceiver(config) ? [alertManagerDefinition(config)] : []),
    ].map((resource) => resourceDraft(config, resource));
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
