import { closed, FLAG, listOf, oneOf, SOME_TEXT, type Schema } from '../../schema/objects.ts';

/** Upstream: kube-burner, pkg/prometheus/types.go: decoded with KnownFields, so that any other key is fatal. */
export const METRICS_PROFILE: Schema = listOf(
  closed({ query: SOME_TEXT, metricName: SOME_TEXT, instant: FLAG, captureStart: FLAG }, ['query', 'metricName']),
);

/** Upstream: kube-burner, pkg/alerting/alert_manager.go. */
export const ALERT_PROFILE: Schema = listOf(
  closed({ expr: SOME_TEXT, description: SOME_TEXT, severity: oneOf('info', 'warning', 'error', 'critical') }, [
    'expr',
    'description',
    'severity',
  ]),
);
