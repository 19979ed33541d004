import type { CiliumChoices } from './profiles.ts';
import type { CiliumConfig } from './settings.ts';
import { because, type Tree } from '../../model/tree.ts';

type Part = { readonly [key: string]: Tree | undefined };

/** Services, in place of kube-proxy. */
export function services({ cilium }: CiliumConfig, { kubeProxyReplacement, socketLB }: CiliumChoices): Part {
  const { apiServer, loadBalancer } = cilium;
  const server: Part = {
    k8sServiceHost:
      apiServer.host === ''
        ? undefined
        : because(
            'Without kube-proxy no one resolves the Service of the API server for the agents.' +
              (apiServer.host === 'auto'
                ? ' The chart looks auto up in the cluster, which Argo CD and helm template do not let it: name the host there.'
                : ''),
            apiServer.host,
          ),
    k8sServicePort: apiServer.port ?? undefined,
    k8s:
      apiServer.urls.length > 0
        ? {
            apiServerURLs: because(
              'Text, separated by spaces. Agents start by one that answers, and go on by the Service.',
              apiServer.urls.join(' '),
            ),
          }
        : undefined,
  };
  // The chart takes a string; a boolean is refused by older ones.
  if (!kubeProxyReplacement) return { kubeProxyReplacement: because('kube-proxy stays.', 'false'), ...server };
  const { mode, dispatch, algorithm, maglevTableSize } = loadBalancer;
  return {
    kubeProxyReplacement: because('Remove kube-proxy: both would answer for the same Services.', 'true'),
    ...server,
    socketLB:
      socketLB === 'host-namespace'
        ? because('Inside pods Services are resolved packet by packet, as service meshes and KubeVirt need it.', {
            hostNamespaceOnly: true,
          })
        : undefined,
    loadBalancer: {
      mode: because(
        mode === 'snat'
          ? 'Replies go back through the node that took the request. Works in any network.'
          : 'Endpoints reply to the client directly. Clouds check addresses: on EC2 switch the source/destination check off.',
        mode,
      ),
      dsrDispatch: mode === 'snat' ? undefined : dispatch,
      algorithm,
    },
    maglev:
      algorithm === 'maglev'
        ? {
            tableSize: because(
              'A prime number, at least a hundred times the endpoints of a Service. Set maglev.hashSeed too, to a secret of yours.',
              maglevTableSize,
            ),
          }
        : undefined,
  };
}
