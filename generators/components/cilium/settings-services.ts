import { PORT } from '../../schema/formats.ts';
import { SECTION } from '../../schema/settings.ts';

/** How agents reach the API server; part of the section `cilium`. */
export const CILIUM_API_SERVER = {
  ...SECTION,
  description: 'How agents reach the API server when they stand in for kube-proxy.',
  properties: {
    host: {
      type: 'string',
      pattern: '^[a-zA-Z0-9.:-]*$',
      expected: 'a host or an address without https:// and port',
      default: '',
      description:
        'Host; auto where kubeadm left a ConfigMap cluster-info, and Helm itself installs: Argo CD cannot look it up.',
    },
    port: { ...PORT, type: ['integer', 'null'], default: null, description: 'Port, such as 443 on EKS.' },
    urls: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^https?://[a-zA-Z0-9.:[\\]-]+$',
        expected: 'the URL of an API server such as https://10.0.0.1:6443',
      },
      default: [],
      uniqueItems: true,
      description:
        'All API servers, beside the host: agents begin with one that answers. For several without a load balancer.',
    },
  },
} as const;

/** Services from outside; part of the section `cilium`. */
export const CILIUM_LOAD_BALANCER = {
  ...SECTION,
  requires: { 'cilium.kubeProxyReplacement': [true] },
  description: 'Traffic from outside to Services, where Cilium stands in for kube-proxy.',
  properties: {
    mode: { enum: ['snat', 'dsr', 'hybrid'], default: 'snat', description: 'How replies find their way back.' },
    dispatch: {
      requires: { 'cilium.loadBalancer.mode': ['dsr', 'hybrid'] },
      enum: ['opt', 'geneve'],
      default: 'opt',
      description: 'How dsr tells the Service to the other node.',
    },
    algorithm: { enum: ['random', 'maglev'], default: 'random', description: 'How an endpoint is chosen.' },
    maglevTableSize: {
      unit: 'entries',
      requires: { 'cilium.loadBalancer.algorithm': ['maglev'] },
      enum: [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071],
      default: 16_381,
      description: 'Entries for a Service; at least a hundred for each endpoint.',
    },
  },
} as const;
