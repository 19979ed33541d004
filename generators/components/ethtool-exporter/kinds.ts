import { matching } from '../../schema/formats.ts';
import { closed, IN_NAMESPACE, type Kinds, object, oneOf, type Schema, SELECTOR } from '../../schema/objects.ts';
import { POD_TEMPLATE, workloadProblems } from '../../shared/pods.ts';

const DAEMON_SET: Schema = closed({
  'selector!': SELECTOR,
  updateStrategy: closed({
    'type!': oneOf('RollingUpdate'),
    rollingUpdate: closed({ maxUnavailable: matching('^[0-9]{1,3}%$', 'a percentage such as 10%') }),
  }),
  'template!': POD_TEMPLATE,
});

/** The fields that we write. Upstream: Kubernetes, api/openapi-spec. */
export const kinds: Kinds = {
  'apps/v1 DaemonSet': { schema: () => object(IN_NAMESPACE, { 'spec!': DAEMON_SET }), check: workloadProblems },
};
