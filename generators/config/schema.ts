import type { FromSchema } from 'json-schema-to-ts';
import { DURATION_FORM, KUBERNETES_NAME, LABEL, LINE, PORT, SECTION, URL_FORM } from './forms.ts';
import { CHART_SETTINGS } from './schema-charts.ts';
import { cpu, memory } from './forms-charts.ts';
import { CLOUD } from './schema-cloud.ts';
import { ETHTOOL_DAEMON_SET, MANIFEST_SETTINGS } from './schema-manifests.ts';
import { GRAFANA_SETTINGS, PACKAGING_SETTINGS, TARGETS } from './schema-packaging.ts';
import { FLOWS, type FlowChoices } from './schema-flows.ts';
import { RETINA_NAMESPACES, SOURCE_SETTINGS } from './schema-sources.ts';
import type { AlertOverride, DashboardOverride } from './overrides.ts';

/**
 * The one definition of the configuration: the validator, the TypeScript type and azimuth.schema.json all come from here.
 * Every property has a default, so an empty file is complete; objects merge over defaults, arrays replace. The names of alerts,
 * dashboards and panels are added by `namedSchema`.
 */
export const settings = {
  cluster: {
    ...SECTION,
    description: 'The cluster that this configuration describes.',
    properties: {
      label: {
        ...LABEL,
        type: ['string', 'null'],
        expected: `${LABEL.expected}, or null`,
        default: 'cluster',
        description:
          'Label that names the cluster on every series; null where the store has one cluster and no such label.',
      },
      name: {
        ...LINE,
        default: 'production',
        minLength: 1,
        description: 'Value of that label, set on what our scrape configurations collect.',
      },
    },
  },
  zones: {
    ...SECTION,
    description: 'How the zone of a node is found.',
    properties: {
      from: {
        type: 'array',
        items: { enum: ['node-label', 'provider-id'] },
        default: ['node-label', 'provider-id'],
        minItems: 1,
        uniqueItems: true,
        description: 'Sources in order of preference; a node that none of them knows has the zone "unknown".',
      },
      nodeLabel: {
        ...LINE,
        minLength: 1,
        default: 'topology.kubernetes.io/zone',
        description: 'Node label that holds the zone.',
      },
    },
  },
  scrape: {
    ...SECTION,
    description: 'How often Prometheus scrapes.',
    properties: {
      interval: {
        ...DURATION_FORM,
        default: '30s',
        description: 'Scrape interval of the targets that the rules read.',
      },
    },
  },
  rules: {
    ...SECTION,
    description: 'Recording and alerting rules.',
    properties: {
      interval: { ...DURATION_FORM, default: '1m', description: 'Evaluation interval of every rule group.' },
      window: {
        ...DURATION_FORM,
        default: '5m',
        description: 'Range of every rate; at least 4 scrape intervals, and one evaluation plus one scrape.',
      },
      infoLookback: {
        ...DURATION_FORM,
        default: '10m',
        description:
          'How long an identity (pod, node, owner) is remembered after its last sample; at least the window.',
      },
      labels: {
        type: 'object',
        propertyNames: LABEL,
        additionalProperties: LINE,
        default: {},
        description: 'Labels added to every alerting rule, for routing.',
      },
      runbookBaseUrl: {
        ...URL_FORM,
        default: 'docs/runbooks',
        description: 'Where docs/runbooks is served; alerts link to <base>/<AlertName>.md.',
      },
      compatibilityRecords: {
        type: 'boolean',
        default: false,
        description:
          'Compatibility records: the public names pod:*, node:* and traffic:hubble_flows_processed_total:*, for queries built on them. ' +
          'Costs two series for each flow series, and more time than all other rules.',
      },
    },
  },
  cloud: CLOUD,
  flows: FLOWS,
  ethtool: {
    ...SECTION,
    description: 'Where the ENA allowance counters of EC2 nodes are read from.',
    properties: {
      exporter: {
        enum: ['showmax', 'node-exporter', 'none'],
        default: 'showmax',
        description: 'Exporter: the one of Showmax, or node_exporter (see nodeExporter); none leaves allowances out.',
      },
      device: { ...LINE, default: 'eth.*|ens.*|enp.*', description: 'Network interfaces, a regular expression.' },
      app: { ...KUBERNETES_NAME, default: 'ethtool-exporter', description: "Label app of showmax's pods." },
      port: { ...PORT, default: 9417, description: 'Port that showmax listens on.' },
      daemonSet: ETHTOOL_DAEMON_SET,
    },
  },
  retina: {
    ...SECTION,
    description: 'The Retina installation.',
    properties: {
      version: {
        type: 'string',
        pattern: '^v[0-9]+\\.[0-9]+\\.[0-9]+$',
        expected: 'a release tag such as v1.2.6',
        default: 'v1.2.6',
        description: 'Tag of chart and images.',
      },
      namespace: { ...KUBERNETES_NAME, default: 'kube-system', description: 'Namespace of the agents.' },
      dataAggregationLevel: {
        enum: ['low', 'high'],
        default: 'low',
        description:
          'Of retina-hubble: low reports every packet; high reports connections, for far less CPU. retina-standard always runs high.',
      },
      namespaces: RETINA_NAMESPACES,
      hubblePort: { ...PORT, default: 9965, description: 'Port of the Hubble metrics.' },
      eventQueueSize: {
        type: 'integer',
        minimum: 1,
        maximum: 131_072,
        default: 32_767,
        description: 'Hubble event queue.',
      },
      eventBufferCapacity: {
        enum: [1023, 2047, 4095, 8191, 16_383, 32_767, 65_535],
        default: 8191,
        description: 'Flows that Hubble keeps for its API.',
      },
      resources: {
        ...SECTION,
        description: 'Requests and limits of the agent.',
        properties: {
          cpu: cpu('500m'),
          memory: memory('500Mi'),
        },
      },
    },
  },
  ...SOURCE_SETTINGS,
  ...CHART_SETTINGS,
  ...MANIFEST_SETTINGS,
  grafana: {
    ...SECTION,
    description: 'Grafana.',
    properties: {
      url: {
        ...URL_FORM,
        default: '',
        description: 'Base URL, for links in alerts; empty gives links without a host.',
      },
      ...GRAFANA_SETTINGS,
    },
  },
  ...PACKAGING_SETTINGS,
  targets: {
    type: 'array',
    items: { enum: TARGETS },
    default: ['prometheus', 'kube-prometheus-stack', 'helm-values', 'manifests', 'grafana'],
    minItems: 1,
    uniqueItems: true,
    description: 'Packagings to write.',
  },
  keep: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    default: [],
    uniqueItems: true,
    description:
      'Files of yours inside the output folders, or folders ending in "/": check does not call them foreign.',
  },
} as const;

/** A complete, valid configuration. */
export type Config = FromSchema<{
  readonly type: 'object';
  readonly properties: typeof settings;
  readonly required: readonly (keyof typeof settings)[];
  readonly additionalProperties: false;
}> & {
  flows: FlowChoices;
  /** Changes to alerts, by name. */
  alerts: Record<string, false | AlertOverride>;
  /** Changes to dashboards, by uid, and to their panels, by key. */
  dashboards: Record<string, false | DashboardOverride>;
};

type Partly<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: Partly<T[K]> } : T;

/** What a configuration file may hold: everything has a default. For `export default { ... } satisfies ConfigInput`. */
export type ConfigInput = Partly<Config>;
