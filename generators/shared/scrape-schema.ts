import { DNS_LABEL, LABEL_NAME, PROMETHEUS_DURATION } from '../schema/formats.ts';
import { closed, FLAG, listOf, oneOf, type Schema, SOME_TEXT, TEXT } from '../schema/objects.ts';

/** Relabelling steps of our jobs, with keys in snake case (Prometheus) or camel case (monitors). */
export const relabelling = (camel: boolean): Schema =>
  listOf(
    closed({
      action: oneOf('replace', 'keep', 'drop', 'labeldrop'),
      regex: TEXT,
      replacement: TEXT,
      separator: TEXT,
      [camel ? 'sourceLabels' : 'source_labels']: listOf(LABEL_NAME),
      [camel ? 'targetLabel' : 'target_label']: SOME_TEXT,
    }),
  );

/** Prometheus scrape configs, limited to the fields of our jobs: discovery of pods, of nodes for their kubelets, and of the endpoints of the API server. */
export const SCRAPE_CONFIGS: Schema = listOf(
  closed({
    'job_name!': SOME_TEXT,
    scrape_interval: PROMETHEUS_DURATION,
    honor_labels: FLAG,
    track_timestamps_staleness: FLAG,
    scheme: oneOf('https'),
    metrics_path: SOME_TEXT,
    tls_config: closed({ ca_file: SOME_TEXT, server_name: SOME_TEXT, insecure_skip_verify: FLAG }),
    authorization: closed({ 'credentials_file!': SOME_TEXT }),
    'kubernetes_sd_configs!': listOf(
      closed({
        'role!': oneOf('pod', 'node', 'endpoints'),
        namespaces: closed({ 'names!': listOf(DNS_LABEL) }),
        selectors: listOf(closed({ 'role!': oneOf('pod'), 'label!': SOME_TEXT })),
      }),
    ),
    relabel_configs: relabelling(false),
    metric_relabel_configs: relabelling(false),
  }),
);
