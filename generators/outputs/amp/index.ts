import { ProblemError } from '../../schema/problems.ts';
import type { Config } from '../../settings/index.ts';
import { because, type Tree } from '../../model/tree.ts';
import type { RuleFile } from '../../model/rules.ts';
import type { Target } from '../output.ts';
import { alertmanagerConfiguration, hasReceiver } from './alertmanager.ts';
import { plainRuleFile } from '../prometheus/index.ts';
import { bytesOf } from '../../schema/limits.ts';
import { OUR_LABELS, resourceDrafts, versionAnnotation, type Resource } from '../resource.ts';

const API_VERSION = 'prometheusservice.services.k8s.aws/v1alpha1';

/** Bytes of a rule group namespace's name and a group's together. Upstream: the AMP API, CreateRuleGroupsNamespace. */
const LONGEST_NAMES = 721;

const metadata = ({ amp }: Config, name: string, version: number): Tree => ({
  name,
  namespace: amp.namespace,
  labels: OUR_LABELS,
  annotations: because('Rises by one whenever the content changes.', versionAnnotation(version)),
});

/** Which workspace: exactly one of an ID and a reference, as the configuration has checked. */
function workspace({ amp: { workspaceId, workspace: ref, namespace } }: Config): { readonly [key: string]: Tree } {
  if (workspaceId !== null) return { workspaceID: because('Cannot be changed later.', workspaceId) };
  return {
    workspaceRef: because('The Workspace object, whose status knows the ID.', {
      from: { name: ref.name, namespace: ref.namespace ?? namespace },
    }),
  };
}

const fileLimit = ({ amp }: Config, text: string) => ({
  of: 'one file of AMP (amp.quotas.fileBytes)',
  bytes: bytesOf(text),
  most: amp.quotas.fileBytes,
});

function ruleGroupsNamespace(config: Config, file: RuleFile): Resource {
  const configuration = plainRuleFile(file);
  const name = `azimuth-${file.name}`;
  const longest = Math.max(...file.groups.map((group) => bytesOf(`${name}${group.name}`)));
  const { tags } = config.amp;
  return {
    path: `rules/amp/${file.name}.yaml`,
    what: `rule file ${file.name}`,
    about:
      `${file.about}\n` +
      'For the ACK controller of Amazon Managed Service for Prometheus. What AMP refuses becomes terminal in the controller: ' +
      'delete the object and apply it again.',
    limits: [
      fileLimit(config, configuration),
      { of: 'the names of a rule group namespace and a group', bytes: longest, most: LONGEST_NAMES },
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

function alertManagerDefinition(config: Config): Resource {
  const configuration = alertmanagerConfiguration(config);
  return {
    path: 'rules/amp/alertmanager-definition.yaml',
    what: 'the Alertmanager definition',
    about:
      'Whom the alerts of an AMP workspace tell. A workspace has one definition: this replaces what is there, also for alerts ' +
      'of others. AMP needs a policy that lets it publish to the SNS topic or read the secret.',
    limits: [fileLimit(config, configuration)],
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

/** @throws ProblemError when the workspace would take only some of the rules. */
function checkRules({ amp: { quotas } }: Config, ruleFiles: readonly RuleFile[]): void {
  const rules = ruleFiles.flatMap(({ groups }) => groups.flatMap((group) => group.rules)).length;
  if (rules <= quotas.rules) return;
  const message = `${rules} rules, expected at most ${quotas.rules}, the quota of the workspace (amp.quotas.rules)`;
  throw new ProblemError('generated artifacts', [{ path: 'rules/amp', message }]);
}

/**
 * Rules and the Alertmanager definition for Amazon Managed Service for Prometheus through ACK. The chain of the recordings stays
 * in one group, as AMP orders nothing beyond groups.
 */
export const amp: Target = {
  id: 'amp',
  emit: ({ ruleFiles }, config) => {
    checkRules(config, ruleFiles);
    return resourceDrafts(config, [
      ...ruleFiles.map((file) => ruleGroupsNamespace(config, file)),
      ...(hasReceiver(config) ? [alertManagerDefinition(config)] : []),
    ]);
  },
  omissions: (config) =>
    hasReceiver(config)
      ? []
      : [
          {
            what: 'Alertmanager definition for AMP',
            reason: 'neither amp.alertmanager.sns.topicArn nor amp.alertmanager.pagerduty.secretArn is set',
          },
        ],
};
