import { closed, FLAG, listOf, oneOf, SOME_TEXT } from '../../schema/objects.ts';
import { type Problem, show } from '../../schema/problems.ts';
import type { DocumentSchema } from '../../model/artifact.ts';

/** Braces that kube-burner fills in, by key; anything else in braces would be empty, or stop the profile. */
const FILLED: Readonly<Record<string, RegExp>> = {
  query: /\{\{\.elapsed\}\}/g,
  // Whole minutes: a job of less than one has none, and its query would be refused.
  expr: /(?!)/g,
  description: /\{\{\$(value|labels\.[a-zA-Z_][a-zA-Z0-9_]*)\}\}/g,
};

/** Actions in a profile that mean nothing to kube-burner. */
export const profileProblems = (profile: object): readonly Problem[] =>
  (profile as readonly Readonly<Record<string, unknown>>[]).flatMap((entry, index) =>
    Object.entries(FILLED).flatMap(([key, known]) => {
      const text = entry[key];
      return typeof text === 'string' && text.replaceAll(known, '').includes('{{')
        ? [
            {
              path: `${index}.${key}`,
              message: `got ${show(text)}, expected no braces but those that kube-burner fills in`,
            },
          ]
        : [];
    }),
  );

/** Upstream: kube-burner, pkg/prometheus/types.go: decoded with KnownFields, so that any other key is fatal. */
export const METRICS_PROFILE: DocumentSchema = {
  schema: listOf(closed({ 'query!': SOME_TEXT, 'metricName!': SOME_TEXT, instant: FLAG, captureStart: FLAG })),
  check: profileProblems,
};

/** Upstream: kube-burner, pkg/alerting/alert_manager.go. */
export const ALERT_PROFILE: DocumentSchema = {
  schema: listOf(
    closed({
      'expr!': SOME_TEXT,
      'description!': SOME_TEXT,
      'severity!': oneOf('info', 'warning', 'error', 'critical'),
    }),
  ),
  check: profileProblems,
};
