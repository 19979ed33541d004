import { join } from 'node:path';
import type { Agent } from '../agent.ts';
import { CONTROL_PLANE } from '../network.ts';

/** kubezonnet: agents that report to one server. */
export const kubezonnet: Agent = {
  id: 'kubezonnet',
  source: 'kubezonnet',
  files: { 'kubezonnet-agent': 'the agent', 'kubezonnet-server': 'the server' },
  bytes: 'ip',
  config: () => ({ flows: { source: 'kubezonnet' } }),
  // Outside of a cluster, the server reads the kubeconfig of its home.
  central: (context) => [
    {
      name: 'kubezonnet-server',
      argv: [join(context.binaries, 'kubezonnet-server')],
      env: { HOME: join(context.write('home/.kube/config', context.kubeconfigText), '../..') },
    },
  ],
  onNode: (context, node) => [
    {
      name: 'kubezonnet-agent',
      argv: [
        join(context.binaries, 'kubezonnet-agent'),
        '-subnet-cidr=0.0.0.0/0',
        `-server=http://${CONTROL_PLANE.address.ipv4}:8080/write-network-statistics`,
        `-node=${node.name}`,
      ],
    },
  ],
  ports: (config) => [config.kubezonnet.port],
  isCentral: true,
  losses: [],
  delaySeconds: 15,
};
