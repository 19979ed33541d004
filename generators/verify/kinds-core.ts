import { DNS_LABEL, DNS_SUBDOMAIN, LABELS } from '../schema/formats.ts';
import {
  ANNOTATIONS,
  closed,
  IN_NAMESPACE,
  listOf,
  mapOf,
  object,
  OF_CLUSTER,
  oneOf,
  SELECTOR,
  SOME_TEXT,
  TEXT,
  type Schema,
} from '../schema/objects.ts';
import { POD } from '../components/ethtool-exporter/kinds-pod.ts';

const PERCENT_OR_COUNT: Schema = {
  type: ['string', 'integer'],
  pattern: '^[0-9]{1,3}%$',
  minimum: 0,
  expected: 'a number or a percentage such as 10%',
};

const DAEMON_SET: Schema = closed(
  {
    selector: SELECTOR,
    updateStrategy: closed(
      {
        type: oneOf('RollingUpdate', 'OnDelete'),
        rollingUpdate: closed({ maxUnavailable: PERCENT_OR_COUNT, maxSurge: PERCENT_OR_COUNT }),
      },
      ['type'],
    ),
    template: closed({ metadata: closed({ labels: LABELS, annotations: ANNOTATIONS }, ['labels']), spec: POD }, [
      'metadata',
      'spec',
    ]),
  },
  ['selector', 'template'],
);

/** Names of roles are a segment of a path. Upstream: Kubernetes, apimachinery/pkg/api/validation/path. */
const ROLE_NAME: Schema = {
  type: 'string',
  maxLength: 253,
  pattern: '^(?!\\.{1,2}$)[^/%]+$',
  expected: 'the name of a role: up to 253 characters, no slash and no per cent sign',
};

/** Upstream: Kubernetes, api/openapi-spec; of each kind, the fields that we write. */
export const coreKinds = {
  'v1 ConfigMap': () =>
    object(IN_NAMESPACE, {
      data: {
        ...mapOf(TEXT, { type: 'string', maxLength: 253, pattern: '^[-._a-zA-Z0-9]+$', expected: 'a file name' }),
        minProperties: 1,
      },
    }),
  'apps/v1 DaemonSet': () => object(IN_NAMESPACE, { spec: DAEMON_SET }),
  'rbac.authorization.k8s.io/v1 ClusterRole': () =>
    object(OF_CLUSTER, {
      rules: listOf(
        closed({ apiGroups: listOf(TEXT), resources: listOf(SOME_TEXT), verbs: listOf(SOME_TEXT) }, [
          'apiGroups',
          'resources',
          'verbs',
        ]),
      ),
    }),
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': () =>
    object(OF_CLUSTER, {
      roleRef: closed({ apiGroup: oneOf('rbac.authorization.k8s.io'), kind: oneOf('ClusterRole'), name: ROLE_NAME }, [
        'apiGroup',
        'kind',
        'name',
      ]),
      subjects: listOf(
        closed({ kind: oneOf('ServiceAccount'), name: DNS_SUBDOMAIN, namespace: DNS_LABEL }, [
          'kind',
          'name',
          'namespace',
        ]),
      ),
    }),
};
