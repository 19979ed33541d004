import { DNS_SUBDOMAIN, PROMETHEUS_DURATION, matching } from '../../schema/formats.ts';
import {
  ANNOTATIONS,
  closed,
  FLAG,
  IN_NAMESPACE,
  type Kinds,
  listOf,
  mapOf,
  object,
  type Schema,
  SOME_TEXT,
  TEXT,
} from '../../schema/objects.ts';
import { type Problem, show } from '../../schema/problems.ts';
import { innerYaml } from '../inner-document.ts';
import { repeatedGroups, RULE_GROUPS } from '../rule-groups.ts';

const AMP_NAME: Schema = {
  type: 'string',
  pattern: '^[0-9A-Za-z][-.0-9A-Z_a-z]*$',
  maxLength: 64,
  expected: 'a name of Amazon Managed Service for Prometheus: up to 64 letters, digits, dashes, dots and underscores',
};

const WORKSPACE = {
  workspaceID: AMP_NAME,
  workspaceRef: closed({ 'from!': closed({ 'name!': DNS_SUBDOMAIN, namespace: DNS_SUBDOMAIN }) }),
};

const inWorkspace = (schema: Schema): Schema => ({
  ...schema,
  oneOf: [{ required: ['workspaceID'] }, { required: ['workspaceRef'] }],
  expected: 'exactly one of workspaceID and workspaceRef',
});

/** The document in an AlertManagerDefinition: AMP's wrapper around Alertmanager's configuration. */
const AMP_ALERTMANAGER: Schema = closed({ 'alertmanager_config!': SOME_TEXT, template_files: mapOf(TEXT) });

const SECRET: Schema = closed({
  'aws_secrets_manager!': closed({
    'secret_arn!': SOME_TEXT,
    secret_key: SOME_TEXT,
    refresh_interval: PROMETHEUS_DURATION,
  }),
});

/** AMP accepts neither api_url nor http_config, and requires the region. */
const SNS: Schema = closed({
  send_resolved: FLAG,
  'topic_arn!': SOME_TEXT,
  'sigv4!': closed({ 'region!': SOME_TEXT, role_arn: SOME_TEXT }),
  subject: matching('^[ -~]*$', 'ASCII text, as SNS replaces any other subject'),
  message: TEXT,
  attributes: mapOf(TEXT),
});

const PAGERDUTY: Schema = closed({
  send_resolved: FLAG,
  routing_key: SECRET,
  service_key: SECRET,
  severity: TEXT,
  description: TEXT,
  client: TEXT,
  client_url: TEXT,
  class: TEXT,
  component: TEXT,
  group: TEXT,
  details: ANNOTATIONS,
});

const ROUTE = {
  group_by: listOf(SOME_TEXT),
  matchers: listOf(SOME_TEXT),
  continue: FLAG,
  group_wait: PROMETHEUS_DURATION,
  group_interval: PROMETHEUS_DURATION,
  repeat_interval: PROMETHEUS_DURATION,
};
const SUBROUTE = { receiver: SOME_TEXT, ...ROUTE };

/** Alertmanager's configuration with the fields that AMP supports. `amtool check-config` accepts all but AMP's form of secrets. */
const ALERTMANAGER: Schema = closed({
  'route!': closed({
    'receiver!': SOME_TEXT,
    ...ROUTE,
    routes: listOf(closed({ ...SUBROUTE, routes: listOf(closed(SUBROUTE)) })),
  }),
  'receivers!': listOf(closed({ 'name!': SOME_TEXT, sns_configs: listOf(SNS), pagerduty_configs: listOf(PAGERDUTY) })),
  inhibit_rules: listOf(
    closed({ source_matchers: listOf(SOME_TEXT), target_matchers: listOf(SOME_TEXT), equal: listOf(SOME_TEXT) }),
  ),
  templates: listOf(SOME_TEXT),
});

interface Route {
  readonly receiver?: string;
  readonly routes?: readonly Route[];
}

const receiversOf = ({ receiver, routes = [] }: Route): readonly string[] => [
  ...(receiver === undefined ? [] : [receiver]),
  ...routes.flatMap(receiversOf),
];

/** Alertmanager rejects a route to an unknown receiver. */
function routeProblems(path: string, data: unknown): readonly Problem[] {
  const { route, receivers } = data as {
    readonly route: Route;
    readonly receivers: readonly { readonly name: string }[];
  };
  const known = receivers.map(({ name }) => name);
  return receiversOf(route)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: `${path} > route`,
      message: `got the receiver ${show(name)}, expected one of ${known.join(', ')}`,
    }));
}

const configurationOf = (document: object): string =>
  (document as { readonly spec: { readonly configuration: string } }).spec.configuration;

function alertManagerDefinition(document: object): readonly Problem[] {
  const path = 'spec.configuration';
  const outer = innerYaml(path, configurationOf(document), AMP_ALERTMANAGER);
  if (outer.problems.length > 0) return outer.problems;
  const inside = `${path} > alertmanager_config`;
  const text = (outer.data as { readonly alertmanager_config: string }).alertmanager_config;
  const inner = innerYaml(inside, text, ALERTMANAGER);
  return inner.problems.length > 0 ? inner.problems : routeProblems(inside, inner.data);
}

function ruleGroupsNamespace(document: object): readonly Problem[] {
  const { data, problems } = innerYaml('spec.configuration', configurationOf(document), RULE_GROUPS);
  return problems.length > 0 ? problems : repeatedGroups('spec.configuration > groups', data);
}

/** Upstream: aws-controllers-k8s/prometheusservice-controller, config/crd/bases, v1alpha1. */
export const kinds: Kinds = {
  'prometheusservice.services.k8s.aws/v1alpha1 RuleGroupsNamespace': {
    schema: () =>
      object(IN_NAMESPACE, {
        'spec!': inWorkspace(
          closed({ ...WORKSPACE, 'name!': AMP_NAME, tags: mapOf(TEXT), 'configuration!': SOME_TEXT }),
        ),
      }),
    check: ruleGroupsNamespace,
  },
  'prometheusservice.services.k8s.aws/v1alpha1 AlertManagerDefinition': {
    schema: () => object(IN_NAMESPACE, { 'spec!': inWorkspace(closed({ ...WORKSPACE, 'configuration!': SOME_TEXT })) }),
    check: alertManagerDefinition,
  },
};
