import { LABEL_NAME, PROMETHEUS_DURATION } from '../schema/formats.ts';
import { closed, COUNT, listOf, mapOf, oneOf, type Schema, SOME_TEXT, TEXT } from '../schema/objects.ts';
import { type Problem, show } from '../schema/problems.ts';

const RULE_LABELS = mapOf(TEXT, LABEL_NAME);

const RULE: Schema = {
  ...closed(
    {
      record: { type: 'string', pattern: '^[a-zA-Z_:][a-zA-Z0-9_:]*$', expected: 'a metric name' },
      alert: SOME_TEXT,
      expr: SOME_TEXT,
      for: PROMETHEUS_DURATION,
      keep_firing_for: PROMETHEUS_DURATION,
      labels: RULE_LABELS,
      annotations: RULE_LABELS,
    },
    ['expr'],
  ),
  oneOf: [{ required: ['record'] }, { required: ['alert'] }],
  expected: 'exactly one of record and alert',
};

/** Groups as every ruler reads them. `query_offset` needs Prometheus 2.53, `labels` of a group 3.0: neither is written. */
export const RULE_GROUPS: Schema = closed(
  {
    groups: listOf(
      closed(
        {
          name: SOME_TEXT,
          interval: PROMETHEUS_DURATION,
          limit: COUNT,
          partial_response_strategy: oneOf('abort', 'warn'),
          rules: listOf(RULE),
        },
        ['name', 'rules'],
      ),
    ),
  },
  ['groups'],
);

/** Groups of one name, which rulers refuse, in a document of this schema. */
export function repeatedGroups(path: string, data: unknown): readonly Problem[] {
  const { groups } = data as { readonly groups: readonly { readonly name: string }[] };
  const names = groups.map(({ name }) => name);
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ path, message: `got the group ${show(name)} twice, expected each name once` }));
}
