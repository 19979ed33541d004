/**
 * Queries and rules of the write-ups of docs/migration.md that bench/scale/published.ts does not have. Built from parts here; what
 * they compute, and what is wrong in it, is unchanged.
 */

/** Labels that the published query selects the client and the server of the standard mode by. */
const WORKLOADS = 'source_workload_name=~"client-(.*)", destination_workload_name=~"server-(.*)"';
const BYTES = `rate(networkobservability_adv_forward_bytes{source_namespace="app-client", destination_namespace="app-server", ${WORKLOADS}}[5m])`;

/** The zone of the pods of one end, by the label of their nodes. */
function bytesPerZone(side: 'source' | 'destination', app: 'client' | 'server'): string {
  const pods = `kube_pod_info{namespace="app-${app}", created_by_name=~"${app}-(.*)"}`;
  const zones = 'sum by (node, label_topology_kubernetes_io_zone) (kube_node_labels)';
  const renamed = (vector: string, to: string, from: string): string =>
    `label_replace(${vector}, "${to}", "$1", "${from}", "(.*)")`;
  return `sum by (destination_podname, source_podname, zone) (
    ${BYTES}
    * on (${side}_podname) group_left (${side}_node) ${renamed(renamed(pods, `${side}_podname`, 'pod'), `${side}_node`, 'node')}
    * on (${side}_node) group_left (zone) ${renamed(renamed(zones, `${side}_node`, 'node'), 'zone', 'label_topology_kubernetes_io_zone')}
  )`;
}

/** Bytes between client and server: all of them, and those that the write-up finds within a zone. */
export const publishedBytes = {
  total: `sum(${BYTES})`,
  same: `sum(ceil(${bytesPerZone('source', 'client')} + on (destination_podname, source_podname, zone) group_left () ${bytesPerZone('destination', 'server')}) / 2)`,
};

/** The five published groups on the allowances: a record and an alert each. */
export const publishedAllowances = (
  [
    ['ppsallowance', 'pps', 'PPSAllowanceExceeded'],
    ['bw_in', 'bw_in', 'BWINAllowanceExceeded'],
    ['bw_out', 'bw_out', 'BWOutAllowanceExceeded'],
    ['conntrack', 'conntrack', 'ConntrackAllowanceExceeded'],
    ['linklocal', 'linklocal', 'LinkLocalAllowanceExceeded'],
  ] as const
).map(([name, allowance, alert]) => {
  const expr = `rate(node_net_ethtool{device="eth0", type="${allowance}_allowance_exceeded"}[30s])`;
  return {
    name,
    rules: [
      { record: `metric:${allowance}_allowance_exceeded`, expr },
      { alert, expr: `${expr} > 0`, labels: { severity: 'critical' } },
    ],
  };
});

/** Who owns the pods of a namespace, as the published dashboard finds out; `owner` narrows it as its variables do. */
export const publishedOwners = (namespace: string, owner = ''): string => `
  max by (owner_name, owner_kind, pod, namespace) (
    max by (namespace, owner_name, owner_kind, replicaset) (kube_replicaset_owner{${owner}})
      * on (replicaset, namespace) group_right (owner_name, owner_kind)
      label_replace(
        max by (owner_name, pod, namespace) (kube_pod_owner{namespace="${namespace}", owner_kind="ReplicaSet"}),
        "replicaset", "$1", "owner_name", "(.+)"
      )
    or kube_pod_owner{namespace="${namespace}"${owner === '' ? '' : `, ${owner}`}}
  )`;

/** CPU of the pods of one owner; `label` is what the kubelet's series call the pod. */
export const publishedCpu = (namespace: string, owner: string, label: 'pod' | 'pod_name'): string => `
  ${publishedOwners(namespace, owner)}
  * on (pod, namespace) group_right (owner_kind, owner_name)
  label_replace(
    sum by (${label}, namespace) (rate(container_cpu_usage_seconds_total{namespace="${namespace}"}[5m])),
    "pod", "$1", "${label}", "(.+)"
  )`;
