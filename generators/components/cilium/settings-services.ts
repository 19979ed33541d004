import { PORT } from '../../schema/formats.ts';
import { choice, inUnit, list, section, value, when } from '../../schema/settings.ts';

/** How agents reach the API server; part of the section `cilium`. */
export const CILIUM_API_SERVER = section('How agents reach the API server when they stand in for kube-proxy.', {
  host: value(
    { type: 'string', pattern: '^[a-zA-Z0-9.:-]*$', expected: 'a host or an address without https:// and port' },
    '',
    'Host; auto where kubeadm left a ConfigMap cluster-info, and Helm itself installs: Argo CD cannot look it up.',
  ),
  port: value({ ...PORT, type: ['integer', 'null'] }, null, 'Port, such as 443 on EKS.'),
  urls: list(
    {
      type: 'string',
      pattern: '^https?://[a-zA-Z0-9.:[\\]-]+$',
      expected: 'the URL of an API server such as https://10.0.0.1:6443',
    },
    [],
    'All API servers, beside the host: agents begin with one that answers. For several without a load balancer.',
  ),
});

/** Services from outside; part of the section `cilium`. */
export const CILIUM_LOAD_BALANCER = when(
  { 'cilium.kubeProxyReplacement': [true] },
  section('Traffic from outside to Services, where Cilium stands in for kube-proxy.', {
    mode: choice(['snat', 'dsr', 'hybrid'], 'snat', 'How replies find their way back.'),
    dispatch: when(
      { 'cilium.loadBalancer.mode': ['dsr', 'hybrid'] },
      choice(['opt', 'geneve'], 'opt', 'How dsr tells the Service to the other node.'),
    ),
    algorithm: choice(['random', 'maglev'], 'random', 'How an endpoint is chosen.'),
    maglevTableSize: when(
      { 'cilium.loadBalancer.algorithm': ['maglev'] },
      inUnit(
        'entries',
        choice(
          [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071],
          16_381,
          'Entries for a Service; at least a hundred for each endpoint.',
        ),
      ),
    ),
  }),
);
