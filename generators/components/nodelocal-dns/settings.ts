import { KUBERNETES_NAME, LINE, PORT, SECTION, LABEL } from '../../schema/formats.ts';
import { CHART_VERSION, cpu, memory, requests } from '../../schema/formats-charts.ts';
import { CPU, ENABLED, IMAGE, MEMORY, NAME, namespace } from '../../schema/formats-workload.ts';
import { LABELS } from '../../schema/formats-kubernetes.ts';
import { MOST_INT32 } from '../../schema/limits.ts';

/** NodeLocal DNSCache. */
export const NODE_LOCAL_DNS = {
  ...SECTION,
  description: 'NodeLocal DNSCache: see docs/nodelocal-dns.md.',
  properties: {
    scrape: { ...ENABLED, description: 'Scrape its metrics (port 9253) and its setup errors (port 9353).' },
    namespace: namespace('kube-system', 'its pods'),
    app: { ...NAME, default: 'node-local-dns', description: 'Value of the label k8s-app on its pods.' },
  },
} as const;
