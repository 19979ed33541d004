import { DNS_LABEL, LABEL_NAME, PROMETHEUS_DURATION } from '../schema/formats.ts';
import { closed, COUNT, FLAG, listOf, oneOf, type Schema, SOME_TEXT, TEXT } from '../schema/objects.ts';

const ACTIONS = oneOf(
  'replace',
  'keep',
  'drop',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
);

/** Relabelling steps, with keys in snake case (Prometheus) or camel case (monitors). */
export const relabelling = (camel: boolean): Schema =>
  listOf(
    closed({
      action: ACTIONS,
      regex: TEXT,
      replacement: TEXT,
      separator: TEXT,
      modulus: COUNT,
      [camel ? 'sourceLabels' : 'source_labels']: listOf(LABEL_NAME),
      [camel ? 'targetLabel' : 'target_label']: SOME_TEXT,
    }),
  );

/** Prometheus scrape configs, limited to what our jobs use: only pod discovery. */
export const SCRAPE_CONFIGS: Schema = listOf(
  closed({
    'job_name!': SOME_TEXT,
    scrape_interval: PROMETHEUS_DURATION,
    scrape_timeout: PROMETHEUS_DURATION,
    metrics_path: SOME_TEXT,
    honor_labels: FLAG,
    'kubernetes_sd_configs!': listOf(
      closed({
        'role!': oneOf('pod'),
        namespaces: closed({ 'names!': listOf(DNS_LABEL) }),
        selectors: listOf(closed({ 'role!': oneOf('pod'), label: SOME_TEXT, field: SOME_TEXT })),
      }),
    ),
    relabel_configs: relabelling(false),
    metric_relabel_configs: relabelling(false),
  }),
);
