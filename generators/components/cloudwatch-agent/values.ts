import { STATISTICS } from '../../allowances/index.ts';
import type { HelmValues } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { type CloudWatchAgentConfig, workspaceOf } from './settings.ts';

/** The EKS add-on and its chart. */
const ADD_ON = 'amazon-cloudwatch-observability';
/** The job that the agents name in their series. No scrape gives them one. */
export const JOB = 'cloudwatch-agent';

/**
 * The globs that match what a regular expression matches; undefined if there are none. The agent knows `*` and alternatives, so `eth.*|ens5` can
 * be said and `ens[0-9]+` cannot.
 */
export function globsOf(regex: string): readonly string[] | undefined {
  const alternatives = regex.split('|');
  return alternatives.every((each) => /^[\w-]*(\.\*)?$/.test(each) && each !== '')
    ? alternatives.map((each) => each.replace('.*', '*'))
    : undefined;
}

function interfaces(device: string): Tree {
  const globs = globsOf(device);
  return globs === undefined
    ? because(
        'The agent takes globs, and ethtool.device is a regular expression that none equals. Others than ENA have no such statistics, and the rules select by ethtool.device.',
        ['*'],
      )
    : because('ethtool.device as globs, which the agent takes.', globs);
}

/** The agent's section `metrics`. */
function metrics(config: CloudWatchAgentConfig): Tree {
  const { cluster, ethtool } = config;
  const workspace = workspaceOf(config);
  return {
    metrics_destinations:
      workspace === null
        ? because('They do not reach Prometheus: no workspace is set.', { cloudwatch: {} })
        : because('Only there: CloudWatch bills each as a custom metric. Add cloudwatch: {} for both.', {
            amp: { workspace_id: workspace },
          }),
    force_flush_interval: because('Seconds. By default, series are a minute late.', 10),
    metrics_collected: {
      ethtool: {
        interface_include: interfaces(ethtool.device),
        metrics_include: because('What the rules read, and nothing else.', STATISTICS),
        append_dimensions: because('They become labels: nothing is scraped, so no target gives them.', {
          ...(cluster.label !== null && { [cluster.label]: cluster.name }),
          job: JOB,
          node: because("The agent puts the environment variable of its pod here: the node's name.", '$K8S_NODE_NAME'),
        }),
      },
    },
  };
}

/** What the agents collect without a configuration, as far as it is wanted. Upstream: templates/_helpers.tpl, build-default-config. */
function defaults({ cloudwatchAgent: { containerInsights, applicationSignals } }: CloudWatchAgentConfig): {
  readonly [key: string]: Tree;
} {
  const collected = {
    ...(containerInsights && { kubernetes: { enhanced_container_insights: true } }),
    ...(applicationSignals && { application_signals: {} }),
  };
  return {
    ...((containerInsights || applicationSignals) && {
      logs: because('What the add-on collects by default, which this configuration replaces.', {
        metrics_collected: collected,
      }),
    }),
    ...(applicationSignals && { traces: { traces_collected: { application_signals: {} } } }),
  };
}

/**
 * Values that make the agents collect the ENA counters. The chart also requires the names of cluster and region, which EKS gives the add-on.
 * Upstream: aws-observability/helm-charts, charts/amazon-cloudwatch-observability, templates/linux/cloudwatch-agent-custom-resource.yaml;
 * aws/amazon-cloudwatch-agent, translator/config/schema.json and translator/translate/metrics/metrics_collect/ethtool.
 */
export const cloudWatchAgentValues = (config: CloudWatchAgentConfig): HelmValues => ({
  chart: ADD_ON,
  addOn: ADD_ON,
  header:
    `Configuration values of the EKS add-on ${ADD_ON}, 6.1.0 or newer, whose agents then collect the ENA counters. They replace those that the ` +
    'add-on has, and agent.config the whole configuration of the agents: add your own here. ' +
    (workspaceOf(config) === null
      ? 'The counters reach CloudWatch only. '
      : "The workspace must be in the agents' region, and their role needs aps:RemoteWrite (AmazonPrometheusRemoteWriteAccess). ") +
    `CLUSTER is the name of the EKS cluster (here: ${config.cluster.name}), and create-addon installs it.\n` +
    `aws eks update-addon --cluster-name CLUSTER --addon-name ${ADD_ON} --configuration-values file://helm-values/${ADD_ON}.yaml\n` +
    `The chart of that name takes them too, with --set clusterName=CLUSTER,region=REGION and namespace amazon-cloudwatch.`,
  values: { agent: { config: { ...defaults(config), metrics: metrics(config) } } },
});
