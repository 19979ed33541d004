import { groupsFile } from './guide.ts';

/** What kubernetes-mixin records of owners and CPU, built from parts: what it computes is unchanged. Upstream: rules/apps.libsonnet. */
const STATE = 'job="kube-state-metrics"';
const RECORD = 'namespace_workload_pod:kube_pod_owner:relabel';

const owned = (where: string, from = 'owner_name'): string =>
  `max by (cluster, namespace, workload, pod) (label_replace(kube_pod_owner{${STATE}, ${where}}, "workload", "$1", "${from}", "(.+)"))`;

const ofReplicaSets = (where: string): string => `
  label_replace(kube_pod_owner{${STATE}, owner_kind="ReplicaSet"}, "replicaset", "$1", "owner_name", "(.*)")
  * on (cluster, replicaset, namespace) group_left (owner_name) topk by (cluster, replicaset, namespace) (
    1, max by (cluster, replicaset, namespace, owner_name) (kube_replicaset_owner{${STATE}, ${where}})
  )`;

const replicaSets = (where: string, from: string): string =>
  `max by (cluster, namespace, workload, pod) (label_replace(${ofReplicaSets(where)}, "workload", "$1", "${from}", "(.*)"))`;

const STANDARD = ['ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job', 'Node', ''];

const custom = `
  group by (cluster, namespace, workload, workload_type, pod) (
    label_replace(
      label_replace(
        group by (cluster, namespace, pod, owner_name, owner_kind) (
          kube_pod_owner{${STATE}, ${STANDARD.map((kind) => `owner_kind!="${kind}"`).join(', ')}}
        ),
        "workload", "$1", "owner_name", "(.+)"
      ),
      "workload_type", "$1", "owner_kind", "(.+)"
    )
  )`;

const typed = (workload_type: string, expr: string) => ({ record: RECORD, expr, labels: { workload_type } });

const NODES = 'topk by (cluster, namespace, pod) (1, max by (cluster, namespace, pod, node) (kube_pod_info{node!=""}))';

const CPU = 'node_namespace_pod_container:container_cpu_usage_seconds_total:sum_rate5m';

/** Its rules, as a rule file. */
export const MIXIN = groupsFile([
  {
    name: 'mixin',
    rules: [
      {
        record: CPU,
        expr: `
          sum by (cluster, namespace, pod, container) (
            rate(container_cpu_usage_seconds_total{job="kubelet", metrics_path="/metrics/cadvisor", image!=""}[5m])
          ) * on (cluster, namespace, pod) group_left (node) ${NODES}`,
      },
      typed('replicaset', replicaSets('owner_kind=""', 'replicaset')),
      typed('deployment', replicaSets('owner_kind="Deployment"', 'owner_name')),
      typed('daemonset', owned('owner_kind="DaemonSet"')),
      typed('statefulset', owned('owner_kind="StatefulSet"')),
      typed('barepod', owned('owner_kind="", owner_name=""', 'pod')),
      typed('staticpod', owned('owner_kind="Node"', 'pod')),
      { record: RECORD, expr: custom },
    ],
  },
]);

const join = (metric: string): string =>
  `sum by (workload, workload_type) (${metric} * on (cluster, namespace, pod) group_left (workload, workload_type) ${RECORD}{cluster="one"})`;

/** CPU by workload, as its dashboards ask. */
export const mixinCpu = join(`${CPU}{cluster="one"}`);

/** Bytes received by workload, as its dashboards ask. */
export const mixinReceived = join(
  'rate(container_network_receive_bytes_total{job="kubelet", metrics_path="/metrics/cadvisor", cluster="one"}[5m])',
);
