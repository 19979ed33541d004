import { DNS_LABEL, DNS_SUBDOMAIN, LABELS } from '../../schema/formats.ts';
import { MAX_INT32 } from '../../schema/limits.ts';
import {
  closed,
  COUNT,
  FLAG,
  listOf,
  oneOf,
  PORT_NUMBER,
  RESOURCES,
  type Schema,
  SOME_TEXT,
  TEXT,
} from '../../schema/objects.ts';

const SECURITY: Schema = closed({
  allowPrivilegeEscalation: FLAG,
  privileged: FLAG,
  readOnlyRootFilesystem: FLAG,
  runAsNonRoot: FLAG,
  runAsUser: { type: 'integer', minimum: 0, maximum: MAX_INT32, expected: `a user id from 0 to ${MAX_INT32}` },
  capabilities: closed({ add: listOf(SOME_TEXT), drop: listOf(SOME_TEXT) }),
  seccompProfile: closed({ 'type!': oneOf('RuntimeDefault', 'Unconfined') }),
});

/** Upstream: Kubernetes, pkg/apis/core/validation, those of a pod that are one value; labels and annotations take a key. */
const POD_FIELD = oneOf(
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
);

const VARIABLE: Schema = {
  type: 'string',
  pattern: '^[ -<>-~]+$',
  expected: 'the name of a variable: printable ASCII characters other than =',
};

const CONTAINER: Schema = closed({
  'name!': DNS_LABEL,
  'image!': SOME_TEXT,
  command: listOf(TEXT),
  args: listOf(TEXT),
  env: listOf(
    closed({
      'name!': VARIABLE,
      value: TEXT,
      valueFrom: closed({ 'fieldRef!': closed({ apiVersion: oneOf('v1'), 'fieldPath!': POD_FIELD }) }),
    }),
  ),
  ports: listOf(
    closed({
      name: {
        type: 'string',
        pattern: '^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$',
        expected: 'a port name of up to 15',
      },
      'containerPort!': PORT_NUMBER,
      hostPort: PORT_NUMBER,
      protocol: oneOf('TCP', 'UDP'),
    }),
  ),
  resources: RESOURCES,
  securityContext: SECURITY,
});

const TOLERATION: Schema = {
  ...closed({
    key: SOME_TEXT,
    operator: oneOf('Exists', 'Equal'),
    value: TEXT,
    effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  }),
  // Without a key it stands for every taint, and Kubernetes wants that said.
  if: { not: { required: ['key'] } },
  then: {
    properties: { operator: { const: 'Exists', expected: 'Exists where there is no key' } },
    required: ['operator'],
  },
};

/** What a pod may hold, as far as we write pods. Upstream: Kubernetes, core/v1 PodSpec and pkg/apis/core/validation. */
export const POD: Schema = closed({
  automountServiceAccountToken: FLAG,
  'containers!': listOf(CONTAINER),
  hostNetwork: FLAG,
  nodeSelector: LABELS,
  priorityClassName: DNS_SUBDOMAIN,
  serviceAccountName: DNS_SUBDOMAIN,
  terminationGracePeriodSeconds: COUNT,
  tolerations: listOf(TOLERATION),
});
