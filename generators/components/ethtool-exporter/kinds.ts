import { LABELS } from '../../schema/formats.ts';
import {
  ANNOTATIONS,
  closed,
  IN_NAMESPACE,
  type Kinds,
  object,
  oneOf,
  type Schema,
  SELECTOR,
} from '../../schema/objects.ts';
import { POD } from './kinds-pod.ts';
import { daemonSetProblems } from './pods.ts';

const PERCENT_OR_COUNT: Schema = {
  type: ['string', 'integer'],
  pattern: '^[0-9]{1,3}%$',
  minimum: 0,
  expected: 'a number or a percentage such as 10%',
};

const DAEMON_SET: Schema = closed({
  'selector!': SELECTOR,
  updateStrategy: closed({
    'type!': oneOf('RollingUpdate', 'OnDelete'),
    rollingUpdate: closed({ maxUnavailable: PERCENT_OR_COUNT, maxSurge: PERCENT_OR_COUNT }),
  }),
  'template!': closed({ 'metadata!': closed({ 'labels!': LABELS, annotations: ANNOTATIONS }), 'spec!': POD }),
});

/** Upstream: Kubernetes, api/openapi-spec; the fields that we write. */
export const kinds: Kinds = {
  'apps/v1 DaemonSet': { schema: () => object(IN_NAMESPACE, { 'spec!': DAEMON_SET }), check: daemonSetProblems },
};
