import {
  ANNOTATION_MAP,
  closed,
  COUNT,
  DNS_LABEL,
  DNS_SUBDOMAIN,
  FLAG,
  IN_NAMESPACE,
  LABEL_MAP,
  listOf,
  mapOf,
  object,
  OF_CLUSTER,
  oneOf,
  PORT_NUMBER,
  RESOURCES,
  SELECTOR,
  SOME_TEXT,
  TEXT,
  type Schema,
} from '../parts.ts';

const PERCENT_OR_COUNT: Schema = {
  type: ['string', 'integer'],
  pattern: '^[0-9]{1,3}%$',
  minimum: 0,
  expected: 'a number or a percentage such as 10%',
};

const SECURITY: Schema = closed({
  allowPrivilegeEscalation: FLAG,
  privileged: FLAG,
  readOnlyRootFilesystem: FLAG,
  runAsNonRoot: FLAG,
  runAsUser: COUNT,
  capabilities: closed({ add: listOf(SOME_TEXT), drop: listOf(SOME_TEXT) }),
  seccompProfile: closed({ type: oneOf('RuntimeDefault', 'Unconfined') }, ['type']),
});

const CONTAINER: Schema = closed(
  {
    name: DNS_LABEL,
    image: SOME_TEXT,
    command: listOf(TEXT),
    args: listOf(TEXT),
    env: listOf(
      closed(
        {
          name: SOME_TEXT,
          value: TEXT,
          valueFrom: closed({ fieldRef: closed({ apiVersion: oneOf('v1'), fieldPath: SOME_TEXT }, ['fieldPath']) }, [
            'fieldRef',
          ]),
        },
        ['name'],
      ),
    ),
    ports: listOf(
      closed(
        {
          name: {
            type: 'string',
            pattern: '^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$',
            expected: 'a port name of up to 15',
          },
          containerPort: PORT_NUMBER,
          hostPort: PORT_NUMBER,
          protocol: oneOf('TCP', 'UDP'),
        },
        ['containerPort'],
      ),
    ),
    resources: RESOURCES,
    securityContext: SECURITY,
  },
  ['name', 'image'],
);

const TOLERATION: Schema = closed({
  key: SOME_TEXT,
  operator: oneOf('Exists', 'Equal'),
  value: TEXT,
  effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
});

const POD: Schema = closed(
  {
    automountServiceAccountToken: FLAG,
    containers: listOf(CONTAINER),
    hostNetwork: FLAG,
    nodeSelector: LABEL_MAP,
    priorityClassName: DNS_SUBDOMAIN,
    serviceAccountName: DNS_SUBDOMAIN,
    terminationGracePeriodSeconds: COUNT,
    tolerations: listOf(TOLERATION),
  },
  ['containers'],
);

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
    template: closed({ metadata: closed({ labels: LABEL_MAP, annotations: ANNOTATION_MAP }, ['labels']), spec: POD }, [
      'metadata',
      'spec',
    ]),
  },
  ['selector', 'template'],
);

const ROLE_NAME: Schema = { ...SOME_TEXT, maxLength: 253 };

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
