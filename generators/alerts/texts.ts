/** "Node ip-10-0-1-2 of cluster production" as a Prometheus template; the instance stands in where no node is known. */
export function onNode(clusterLabel: string | null): string {
  const node = 'Node {{ with $labels.node }}{{ . }}{{ else }}{{ $labels.instance }}{{ end }}';
  return clusterLabel === null ? node : `${node}{{ with $labels.${clusterLabel} }} of cluster {{ . }}{{ end }}`;
}

/** "Cluster production: " as a Prometheus template; nothing where there is no cluster label. */
export const ofCluster = (clusterLabel: string | null): string =>
  clusterLabel === null ? '' : `{{ with $labels.${clusterLabel} }}Cluster {{ . }}: {{ end }}`;
