import { Type, type Static } from 'typebox';
import { dnsName, duration, falseOr, form, LABEL_FORM, LINE_FORM, port, section, text } from './forms.ts';
import { alertOverride, dashboardOverride } from './overrides.ts';

/**
 * The one definition of the configuration: the validator, the TypeScript type and azimuth.schema.json all come from here.
 * Every property has a default, so an empty file is complete; objects merge over defaults, arrays replace. The names of alerts,
 * dashboards and panels are added by `namedSchema`.
 */
export const Config = Type.Object(
  {
    cluster: section('The cluster that this configuration describes.', {
      label: Type.Unsafe<string | null>({
        type: ['string', 'null'],
        pattern: LABEL_FORM[0],
        expected: `${LABEL_FORM[1]}, or null`,
        default: 'cluster',
        description:
          'Label that names the cluster on every series; null where Prometheus has one cluster and no such label.',
      }),
      name: form(...LINE_FORM, {
        default: 'production',
        minLength: 1,
        description: 'Value of that label, set on what our scrape configurations collect.',
      }),
    }),
    zones: section('How the zone of a node is found.', {
      from: Type.Array(Type.Enum(['node-label', 'provider-id']), {
        default: ['node-label', 'provider-id'],
        minItems: 1,
        uniqueItems: true,
        description: 'Sources in order of preference; a node that none of them knows has the zone "unknown".',
      }),
      nodeLabel: text('Node label that holds the zone.', 'topology.kubernetes.io/zone'),
    }),
    scrape: section('How often Prometheus scrapes.', {
      interval: duration('Scrape interval of the targets that the rules read.', '30s'),
    }),
    rules: section('Recording and alerting rules.', {
      interval: duration('Evaluation interval of every rule group.', '1m'),
      window: duration('Range of every rate; at least 4 scrape intervals, and one evaluation plus one scrape.', '5m'),
      infoLookback: duration('How long an identity (pod, node, owner) is remembered after its last sample.', '10m'),
      labels: Type.Record(Type.String({ pattern: LABEL_FORM[0] }), form(...LINE_FORM), {
        default: {},
        description: 'Labels added to every alerting rule, for routing.',
      }),
      runbookBaseUrl: text('Where docs/runbooks is served; alerts link to <base>/<AlertName>.md.', 'docs/runbooks'),
      articleRecords: Type.Boolean({
        default: true,
        description: "The articles' own record names, for queries built on them. Costs two series per flow series.",
      }),
    }),
    flows: section('Where traffic between workloads is read from.', {
      source: Type.Enum(['retina-hubble', 'none'], {
        default: 'retina-hubble',
        description: 'Flow source; none leaves traffic out.',
      }),
      select: Type.Enum(['server-side', 'client-side', 'articles'], {
        default: 'server-side',
        description: 'Which of the several events of one packet is counted.',
      }),
    }),
    ethtool: section('Where the ENA allowance counters of EC2 nodes are read from.', {
      exporter: Type.Enum(['showmax', 'none'], {
        default: 'showmax',
        description: 'Exporter; none leaves allowances out.',
      }),
      device: text('Network interfaces, a regular expression.', 'eth.*|ens.*|enp.*'),
      app: dnsName("Label app of the exporter's pods.", 'ethtool-exporter'),
      port: port('Port that the exporter listens on.', 9417),
    }),
    retina: section('The Retina installation.', {
      version: form('^v[0-9]+\\.[0-9]+\\.[0-9]+$', 'a release tag such as v1.2.6', {
        default: 'v1.2.6',
        description: 'Tag of chart and images.',
      }),
      namespace: dnsName('Namespace of the agents.', 'kube-system'),
      dataAggregationLevel: Type.Enum(['low', 'high'], {
        default: 'low',
        description: 'low reports every packet; high reports connections, for far less CPU.',
      }),
      hubblePort: port('Port of the Hubble metrics.', 9965),
      eventQueueSize: Type.Integer({
        default: 32_767,
        minimum: 1,
        maximum: 131_072,
        description: 'Hubble event queue.',
      }),
      eventBufferCapacity: Type.Enum([1023, 2047, 4095, 8191, 16_383, 32_767, 65_535], {
        default: 8191,
        description: 'Flows that Hubble keeps for its API.',
      }),
      resources: section('Requests and limits of the agent.', {
        cpu: form('^([0-9]+(\\.[0-9]+)?|[0-9]+m)$', 'a CPU quantity such as 500m or 2', {
          default: '500m',
          description: 'CPU.',
        }),
        memory: form('^[0-9]+(Mi|Gi)$', 'a memory quantity such as 500Mi', {
          default: '500Mi',
          description: 'Memory.',
        }),
      }),
    }),
    grafana: section('Grafana.', {
      url: text('Base URL of Grafana, for links in alerts; empty gives links without a host.', ''),
    }),
    alerts: Type.Record(Type.String(), falseOr(alertOverride, 'A change to an alert; false removes it.'), {
      default: {},
      description: 'Changes to alerts, by name.',
    }),
    dashboards: Type.Record(Type.String(), falseOr(dashboardOverride, 'A change to a dashboard; false removes it.'), {
      default: {},
      description: 'Changes to dashboards, by uid, and to their panels, by key.',
    }),
    targets: Type.Array(Type.Enum(['prometheus', 'kube-prometheus-stack', 'helm-values', 'grafana']), {
      default: ['prometheus', 'kube-prometheus-stack', 'helm-values', 'grafana'],
      minItems: 1,
      uniqueItems: true,
      description: 'Packagings to write.',
    }),
    keep: Type.Array(Type.String({ minLength: 1 }), {
      default: [],
      uniqueItems: true,
      description:
        'Files of yours inside the output folders, or folders ending in "/": check does not call them stray.',
    }),
  },
  { additionalProperties: false, title: 'Azimuth configuration' },
);

/** A complete, valid configuration. */
export type Config = Static<typeof Config>;
