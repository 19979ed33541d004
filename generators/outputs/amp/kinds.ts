import { DNS_SUBDOMAIN, PROMETHEUS_DURATION } from '../../schema/formats.ts';
import {
  ANNOTATIONS,
  closed,
  FLAG,
  IN_NAMESPACE,
  listOf,
  mapOf,
  object,
  SOME_TEXT,
  TEXT,
  type Schema,
} from '../../schema/objects.ts';

const AMP_NAME: Schema = {
  type: 'string',
  pattern: '^[0-9A-Za-z][-.0-9A-Z_a-z]*$',
  maxLength: 64,
  expected: 'a name of Amazon Managed Service for Prometheus: up to 64 letters, digits, dashes, dots and underscores',
};

const WORKSPACE = {
  workspaceID: AMP_NAME,
  workspaceRef: closed({ from: closed({ name: DNS_SUBDOMAIN, namespace: DNS_SUBDOMAIN }, ['name']) }, ['from']),
};

const inWorkspace = (schema: Schema): Schema => ({
  ...schema,
  oneOf: [{ required: ['workspaceID'] }, { required: ['workspaceRef'] }],
  expected: 'exactly one of workspaceID and workspaceRef',
});

/** Upstream: aws-controllers-k8s/prometheusservice-controller, config/crd/bases, v1alpha1. */
export const awsKinds = {
  'prometheusservice.services.k8s.aws/v1alpha1 RuleGroupsNamespace': () =>
    object(IN_NAMESPACE, {
      spec: inWorkspace(
        closed({ ...WORKSPACE, name: AMP_NAME, tags: mapOf(TEXT), configuration: SOME_TEXT }, [
          'name',
          'configuration',
        ]),
      ),
    }),
  'prometheusservice.services.k8s.aws/v1alpha1 AlertManagerDefinition': () =>
    object(IN_NAMESPACE, { spec: inWorkspace(closed({ ...WORKSPACE, configuration: SOME_TEXT }, ['configuration'])) }),
};

/** What an AlertManagerDefinition holds: AMP's own document around Alertmanager's. */
export const AMP_ALERTMANAGER: Schema = closed({ alertmanager_config: SOME_TEXT, template_files: mapOf(TEXT) }, [
  'alertmanager_config',
]);

const SECRET: Schema = closed(
  {
    aws_secrets_manager: closed(
      { secret_arn: SOME_TEXT, secret_key: SOME_TEXT, refresh_interval: PROMETHEUS_DURATION },
      ['secret_arn'],
    ),
  },
  ['aws_secrets_manager'],
);

/** AMP takes neither api_url nor http_config, and demands the region. */
const SNS: Schema = closed(
  {
    send_resolved: FLAG,
    topic_arn: SOME_TEXT,
    sigv4: closed({ region: SOME_TEXT, role_arn: SOME_TEXT }, ['region']),
    subject: { type: 'string', pattern: '^[ -~]*$', expected: 'ASCII text, as SNS replaces any other subject' },
    message: TEXT,
    attributes: mapOf(TEXT),
  },
  ['topic_arn', 'sigv4'],
);

const PAGERDUTY: Schema = closed(
  {
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
  },
  [],
);

const TIMES = {
  group_wait: PROMETHEUS_DURATION,
  group_interval: PROMETHEUS_DURATION,
  repeat_interval: PROMETHEUS_DURATION,
};

const ROUTE = {
  receiver: SOME_TEXT,
  group_by: listOf(SOME_TEXT),
  matchers: listOf(SOME_TEXT),
  continue: FLAG,
  ...TIMES,
};

/** Alertmanager's configuration, as far as AMP takes it. `amtool check-config` reads all but AMP's own form of secrets. */
export const ALERTMANAGER: Schema = closed(
  {
    route: closed({ ...ROUTE, routes: listOf(closed({ ...ROUTE, routes: listOf(closed(ROUTE)) })) }, ['receiver']),
    receivers: listOf(
      closed({ name: SOME_TEXT, sns_configs: listOf(SNS), pagerduty_configs: listOf(PAGERDUTY) }, ['name']),
    ),
    inhibit_rules: listOf(
      closed({ source_matchers: listOf(SOME_TEXT), target_matchers: listOf(SOME_TEXT), equal: listOf(SOME_TEXT) }),
    ),
    templates: listOf(SOME_TEXT),
  },
  ['route', 'receivers'],
);
