import { isManaged } from '../../control-plane/index.ts';
import type { DocumentSchema } from '../../model/artifact.ts';
import type { Manifest } from '../../model/bundle.ts';
import { because, type Tree } from '../../model/tree.ts';
import { closed, listOf, mapOf, oneOf, type Schema, SOME_TEXT } from '../../schema/objects.ts';
import { atLeast } from '../../shared/version.ts';
import type { ControlPlaneConfig } from './settings.ts';

const EVERYWHERE = '0.0.0.0';
const ETCD_METRICS = `http://${EVERYWHERE}:2381`;

/** Since kubeadm.k8s.io/v1beta4, arguments are a list of names and values; before, a mapping. */
const args = (isList: boolean, name: string, value: string): Tree => (isList ? [{ name, value }] : { [name]: value });

/** What makes scheduler, controllers and etcd answer Prometheus: by default they listen on the loopback interface of their node only. */
const clusterConfiguration = (isList: boolean) => ({
  controllerManager: { extraArgs: args(isList, 'bind-address', EVERYWHERE) },
  scheduler: { extraArgs: args(isList, 'bind-address', EVERYWHERE) },
  etcd: { local: { extraArgs: args(isList, 'listen-metrics-urls', ETCD_METRICS) } },
});

const ARGUMENTS: Schema = {
  anyOf: [mapOf(SOME_TEXT), listOf(closed({ 'name!': SOME_TEXT, 'value!': SOME_TEXT }))],
  expected: 'arguments as a mapping (v1beta3) or a list of names and values (v1beta4)',
};

/** Upstream: Kubernetes, cmd/kubeadm/app/apis/kubeadm/v1beta3 and v1beta4, types.go. */
const CLUSTER_CONFIGURATION: DocumentSchema = {
  schema: closed({
    'apiVersion!': oneOf('kubeadm.k8s.io/v1beta3', 'kubeadm.k8s.io/v1beta4'),
    'kind!': oneOf('ClusterConfiguration'),
    'controllerManager!': closed({ 'extraArgs!': ARGUMENTS }),
    'scheduler!': closed({ 'extraArgs!': ARGUMENTS }),
    'etcd!': closed({ 'local!': closed({ 'extraArgs!': ARGUMENTS }) }),
  }),
};

/** Upstream: Kubernetes, kube-proxy/config/v1alpha1. */
const PROXY_CONFIGURATION: DocumentSchema = {
  schema: closed({
    'apiVersion!': oneOf('kubeproxy.config.k8s.io/v1alpha1'),
    'kind!': oneOf('KubeProxyConfiguration'),
    'metricsBindAddress!': SOME_TEXT,
  }),
};

/** Upstream: kubernetes-sigs/kind, pkg/apis/config/v1alpha4/types.go. */
const KIND_CLUSTER: DocumentSchema = {
  schema: closed({
    'apiVersion!': oneOf('kind.x-k8s.io/v1alpha4'),
    'kind!': oneOf('Cluster'),
    'kubeadmConfigPatches!': listOf(SOME_TEXT),
  }),
};

const WARNING =
  'The ports become reachable from the network of the nodes: scheduler and controllers ask for a token, etcd (2381) and kube-proxy (10249) show their metrics ' +
  'to anybody. Close both to all but Prometheus.\n';

/** kubeadm's format of a version: the newest that it reads. v1beta4 came with 1.31. */
const formatOf = ({ kubernetes: { version } }: ControlPlaneConfig): 'v1beta3' | 'v1beta4' =>
  atLeast(version, '1.31') ? 'v1beta4' : 'v1beta3';

/** kind writes v1beta3 before Kubernetes 1.36. Upstream: kubernetes-sigs/kind, pkg/cluster/internal/kubeadm/config.go. */
const kindWritesLists = ({ kubernetes: { version } }: ControlPlaneConfig): boolean => atLeast(version, '1.36');

/** YAML of a patch: two levels of mappings, as kind merges it. */
function yamlOf(tree: Tree, indent = ''): string {
  if (Array.isArray(tree)) {
    return (tree as readonly { readonly name: string; readonly value: string }[])
      .map(({ name, value }) => `${indent}- name: ${name}\n${indent}  value: ${value}\n`)
      .join('');
  }
  return Object.entries(tree as { readonly [key: string]: Tree })
    .map(([key, value]) =>
      typeof value === 'string' ? `${indent}${key}: ${value}\n` : `${indent}${key}:\n${yamlOf(value, `${indent}  `)}`,
    )
    .join('');
}

/** Patches for kubeadm and kind, where the control plane is one's own. */
export function kubeadmPatches(config: ControlPlaneConfig): readonly Manifest[] {
  if (isManaged(config)) return [];
  const format = formatOf(config);
  const reachable = clusterConfiguration(kindWritesLists(config));
  return [
    {
      name: 'control-plane/kubeadm',
      isApplied: false,
      document: CLUSTER_CONFIGURATION,
      header:
        `Settings for kubeadm (${format}) that let Prometheus scrape scheduler, controllers and etcd. Merge them into the ClusterConfiguration of ` +
        'kubeadm init --config; in a cluster that runs, into that of the ConfigMap kubeadm-config in kube-system, and then on each node of the control plane:\n' +
        'kubeadm init phase control-plane all --config kubeadm.yaml && kubeadm init phase etcd local --config kubeadm.yaml\n' +
        WARNING.trimEnd(),
      content: {
        apiVersion: `kubeadm.k8s.io/${format}`,
        kind: 'ClusterConfiguration',
        ...clusterConfiguration(format === 'v1beta4'),
      },
    },
    {
      name: 'control-plane/kube-proxy',
      isApplied: false,
      document: PROXY_CONFIGURATION,
      header:
        'Settings for kube-proxy that let Prometheus scrape it: a second document of kubeadm init --config, or the ConfigMap kube-proxy in kube-system. Not with ' +
        'Cilium in place of kube-proxy.\n' +
        WARNING.trimEnd(),
      content: {
        apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
        kind: 'KubeProxyConfiguration',
        metricsBindAddress: because('The default is 127.0.0.1.', `${EVERYWHERE}:10249`),
      },
    },
    {
      name: 'control-plane/kind',
      isApplied: false,
      document: KIND_CLUSTER,
      header:
        'The same for kind. Add nodes and networking of your own, then: kind create cluster --config manifests/control-plane/kind.yaml\n' +
        WARNING.trimEnd(),
      content: {
        apiVersion: 'kind.x-k8s.io/v1alpha4',
        kind: 'Cluster',
        kubeadmConfigPatches: [
          `kind: ClusterConfiguration\n${yamlOf(reachable)}`,
          `kind: KubeProxyConfiguration\nmetricsBindAddress: ${EVERYWHERE}:10249\n`,
        ],
      },
    },
  ];
}
