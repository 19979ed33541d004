import { DNS_LABEL, LABELS } from '../schema/formats.ts';
import {
  closed,
  COUNT,
  IN_NAMESPACE,
  type Kinds,
  listOf,
  mapOf,
  object,
  OF_CLUSTER,
  oneOf,
  PORT_NUMBER,
  type Schema,
  SELECTOR,
  TEXT,
} from '../schema/objects.ts';
import { type Problem, show } from '../schema/problems.ts';
import { POD_TEMPLATE, workloadProblems } from './pods.ts';

const DEPLOYMENT: Schema = closed({
  replicas: oneOf(1),
  strategy: closed({ 'type!': oneOf('Recreate') }),
  'selector!': SELECTOR,
  'template!': POD_TEMPLATE,
});

const JOB: Schema = closed({
  'backoffLimit!': COUNT,
  'activeDeadlineSeconds!': COUNT,
  'template!': POD_TEMPLATE,
});

const PROTOCOL: Schema = oneOf('TCP', 'UDP');

const SERVICE: Schema = closed({
  clusterIP: oneOf('None'),
  'selector!': { ...LABELS, minProperties: 1 },
  'ports!': listOf(
    closed({ 'name!': DNS_LABEL, 'port!': PORT_NUMBER, targetPort: PORT_NUMBER, 'protocol!': PROTOCOL }),
  ),
});

const POLICY_PORTS: Schema = listOf(closed({ 'port!': PORT_NUMBER, 'protocol!': PROTOCOL }));
const POLICY_PEERS: Schema = listOf(closed({ 'podSelector!': SELECTOR }));

const POLICY: Schema = closed({
  'podSelector!': closed({ matchLabels: LABELS }),
  'policyTypes!': listOf(oneOf('Ingress', 'Egress')),
  ingress: listOf(closed({ 'from!': POLICY_PEERS, 'ports!': POLICY_PORTS }), 0),
  egress: listOf(closed({ to: POLICY_PEERS, 'ports!': POLICY_PORTS }), 0),
});

/** The objects of the list by their kind. Upstream: Kubernetes, api/openapi-spec, the fields that we write. */
const ITEMS: Readonly<Record<string, Schema>> = {
  Namespace: object(OF_CLUSTER, {}),
  ConfigMap: object(IN_NAMESPACE, { 'data!': mapOf(TEXT) }),
  NetworkPolicy: object(IN_NAMESPACE, { 'spec!': POLICY }),
  Service: object(IN_NAMESPACE, { 'spec!': SERVICE }),
  Deployment: object(IN_NAMESPACE, { 'spec!': DEPLOYMENT }),
  Job: object(IN_NAMESPACE, { 'spec!': JOB }),
};

const ITEM: Schema = {
  type: 'object',
  required: ['kind'],
  properties: { kind: oneOf(...Object.keys(ITEMS)) },
  allOf: Object.entries(ITEMS).map(([kind, schema]) => ({
    if: { required: ['kind'], properties: { kind: { const: kind } } },
    then: schema,
  })),
};

type Labels = Readonly<Record<string, string>>;

type Item =
  | { readonly kind: 'Service'; readonly spec: { readonly selector: Labels } }
  | {
      readonly kind: 'Deployment';
      readonly spec: { readonly template: { readonly metadata: { readonly labels: Labels } } };
    }
  | { readonly kind: 'Namespace' | 'ConfigMap' | 'NetworkPolicy' | 'Job' };

const selects = (selector: Labels) => (labels: Labels) =>
  Object.entries(selector).every(([label, value]) => labels[label] === value);

/** What the API server would refuse, and a Service that leads nowhere, which it would not. */
function inItems(document: object): readonly Problem[] {
  const { items } = document as { readonly items: readonly Item[] };
  const pods = items.flatMap((item) => (item.kind === 'Deployment' ? [item.spec.template.metadata.labels] : []));
  return items.flatMap((item, index): readonly Problem[] => {
    if (item.kind === 'Deployment') {
      return workloadProblems(item).map(({ path, message }) => ({ path: `items.${index}.${path}`, message }));
    }
    if (item.kind !== 'Service' || pods.filter(selects(item.spec.selector)).length === 1) return [];
    const expected = 'labels of the pods of one Deployment';
    return [{ path: `items.${index}.spec.selector`, message: `got ${show(item.spec.selector)}, expected ${expected}` }];
  });
}

/** The kind of a file with all objects of something: `kubectl`, kustomize, Argo CD and Flux take the items of a List as if they were files of their own. */
export const LIST_KIND: Kinds = {
  'v1 List': {
    schema: () => closed({ 'apiVersion!': oneOf('v1'), 'kind!': oneOf('List'), 'items!': listOf(ITEM) }),
    check: inItems,
  },
};
