import { PORT, matching } from '../../schema/formats.ts';
import { choice, inUnit, list, section, value, when } from '../../schema/settings.ts';

/** How agents reach the API server; part of the section `cilium`. */
export const CILIUM_API_SERVER = section('How agents reach the API server when they replace kube-proxy.', {
  host: value(
    matching('^[a-zA-Z0-9.:-]*$', 'a host name or address without https:// and port'),
    '',
    'Host name or address. auto reads the ConfigMap cluster-info of kubeadm; only Helm itself can, not Argo CD.',
  ),
  port: value({ ...PORT, type: ['integer', 'null'] }, null, 'Port; 443 on EKS.'),
  urls: list(
    {
      ...matching('^https?://[a-zA-Z0-9.:[\\]-]+$', 'an API server URL such as https://10.0.0.1:6443'),
      publicUrl: true,
    },
    [],
    'All API servers, in addition to the host, if they have no load balancer. Agents start with one that answers.',
  ),
});

/** Services from outside; part of the section `cilium`. */
export const CILIUM_LOAD_BALANCER = when(
  { 'cilium.kubeProxyReplacement': [true] },
  section('External traffic to Services, if Cilium replaces kube-proxy.', {
    mode: choice(['snat', 'dsr', 'hybrid'], 'snat', 'Path of replies.'),
    dispatch: when(
      { 'cilium.loadBalancer.mode': ['dsr', 'hybrid'] },
      choice(['opt', 'geneve'], 'opt', 'How dsr passes the Service address to the other node.'),
    ),
    algorithm: choice(['random', 'maglev'], 'random', 'How an endpoint is selected.'),
    maglevTableSize: when(
      { 'cilium.loadBalancer.algorithm': ['maglev'] },
      inUnit(
        'entries',
        choice(
          [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071],
          16_381,
          'Table entries per Service; at least 100 per endpoint.',
        ),
      ),
    ),
  }),
);
