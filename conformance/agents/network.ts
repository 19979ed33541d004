import type { Family, TrafficCase } from './cases.ts';

/** An address of a host of the lab in each family. Prefixes of clusters, and of documentation for what is outside. */
export type Addresses = Readonly<Record<Family, string>>;

/** A node with its pods. */
export interface LabNode {
  readonly name: string;
  readonly zone: string;
  readonly address: Addresses;
  readonly pods: readonly LabPod[];
}

/** A pod with a network namespace of its own. */
export interface LabPod {
  /** Short name of its namespace, as recordings have it. */
  readonly host: string;
  /** Name of its workload; undefined for pods that only flush the agents' buffers and are not judged. */
  readonly app?: string;
  readonly address: Addresses;
}

/** A Service, translated by the nodes to one pod behind it. */
export interface LabService {
  readonly name: string;
  readonly app: string;
  readonly address: Addresses;
  readonly backend: LabPod;
}

/** Where every server of a pod listens, and the port of the Services before it. */
export const SERVER_PORT = 9000;
export const SERVICE_PORT = 80;

const APPS = [
  ['web', 'cart'],
  ['db', 'api'],
  ['mail', 'search'],
] as const;

const podAddress = (node: number, host: number): Addresses => ({
  ipv4: `10.77.${node}.${host}`,
  ipv6: `fd77:0:0:${node}::${host}`,
});

/** Three nodes, each in a zone of its own: two pods that are judged and one that flushes. */
export const NODES: readonly LabNode[] = APPS.map((apps, index) => {
  const number = index + 1;
  return {
    name: `n${number}`,
    zone: `zone-${'abc'[index] ?? ''}`,
    address: { ipv4: `172.30.0.${number}`, ipv6: `fd30::${number}` },
    pods: [
      ...apps.map((app, place) => ({
        host: `p${number}${'ab'[place] ?? ''}`,
        app,
        address: podAddress(number, place + 2),
      })),
      { host: `p${number}f`, address: podAddress(number, 9) },
    ],
  };
});

export const PODS: readonly LabPod[] = NODES.flatMap(({ pods }) => pods);

/** The pod of a workload. @throws TypeError if there is none. */
export function podOf(app: string): LabPod {
  const pod = PODS.find((one) => one.app === app);
  if (pod === undefined) throw new TypeError(`no pod ${app}`);
  return pod;
}

/** The node of a pod. @throws TypeError if there is none. */
export function nodeOf(pod: LabPod): LabNode {
  const node = NODES.find(({ pods }) => pods.includes(pod));
  if (node === undefined) throw new TypeError(`no node has ${pod.host}`);
  return node;
}

export const SERVICES: readonly LabService[] = [
  { name: 'api-svc', app: 'api', address: { ipv4: '10.96.0.50', ipv6: 'fd96::50' }, backend: podOf('api') },
  { name: 'cart-svc', app: 'cart', address: { ipv4: '10.96.0.51', ipv6: 'fd96::51' }, backend: podOf('cart') },
];

/** The host of the API server and, with a foreign address, what is outside of the cluster. */
export const CONTROL_PLANE = { host: 'cp', address: { ipv4: '172.30.0.9', ipv6: 'fd30::9' } } as const;
export const OUTSIDE = {
  host: 'out',
  /** The nodes' gateway. */
  gateway: { ipv4: '172.30.0.254', ipv6: 'fd30::fe' },
  address: { ipv4: '203.0.113.9', ipv6: '2001:db8:9::9' },
} as const;

/** All hosts with a network namespace, but for the fabric between them. */
export const HOSTS: readonly string[] = [
  ...NODES.map(({ name }) => name),
  ...PODS.map(({ host }) => host),
  CONTROL_PLANE.host,
  OUTSIDE.host,
];

/** The addresses at which the servers of a host answer. */
export const ADDRESSES: Readonly<Record<string, Addresses>> = Object.fromEntries([
  ...NODES.map(({ name, address }) => [name, address]),
  ...PODS.map(({ host, address }) => [host, address]),
  [OUTSIDE.host, OUTSIDE.address],
]);

const FABRIC = 'fab';
/** The link-local gateway of routed pods, which no interface has: the pod knows its node's hardware address by heart. */
const ROUTED_GATEWAY: Addresses = { ipv4: '169.254.1.1', ipv6: 'fe80::1:1' };
const FAMILIES = ['ipv4', 'ipv6'] as const;
const FLAG = { ipv4: '-4', ipv6: '-6' } as const;
const WHOLE = { ipv4: 32, ipv6: 128 } as const;
const SUBNET = { ipv4: 24, ipv6: 64 } as const;
const subnet = (node: number): Addresses => ({ ipv4: `10.77.${node}.0/24`, ipv6: `fd77:0:0:${node}::/64` });

/** A program with its arguments. */
export type Argv = readonly string[];

/** Names of network namespaces, each with the prefix of the run. */
export type Naming = (host: string) => string;

/** Hardware addresses are given, so that all neighbours are known beforehand and link counters hold nothing but the traffic. */
const hardware = (host: string): string =>
  `02:00:${Buffer.from(host.padEnd(4, '_'))
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$&:')}`;

const words = (text: string): Argv => text.split(' ');

/** Commands inside one namespace: `ip`, and anything by `ip netns exec`. */
const inside = (name: string) => ({
  ip: (text: string): Argv => ['ip', '-n', name, ...words(text)],
  run: (...argv: Argv): Argv => ['ip', 'netns', 'exec', name, ...argv],
});

const QUIET = {
  'net.ipv6.conf.default.accept_dad': 0,
  'net.ipv6.conf.default.router_solicitations': 0,
  'net.ipv6.conf.default.accept_ra': 0,
  'net.ipv6.conf.default.addr_gen_mode': 1,
};
const FORWARDING = {
  'net.ipv4.ip_forward': 1,
  'net.ipv6.conf.all.forwarding': 1,
  'net.ipv4.conf.all.rp_filter': 0,
  'net.ipv4.conf.default.rp_filter': 0,
};

const sysctl = (settings: Readonly<Record<string, number>>): Argv => [
  'sysctl',
  '-qw',
  ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
];

/** A host on the fabric between the nodes. Its interface is a macvlan: agents that take every veth for a pod would count it, too. */
function onFabric(naming: Naming, host: string, address: Addresses): readonly Argv[] {
  const { ip } = inside(naming(host));
  return [
    [
      'ip',
      '-n',
      naming(FABRIC),
      ...words(`link add link fab0 name eth0 address ${hardware(host)} netns`),
      naming(host),
    ].concat(words('type macvlan mode bridge')),
    ...FAMILIES.map((family) => ip(`addr add ${address[family]}/${SUBNET[family]} dev eth0`)),
    ip('link set eth0 up'),
  ];
}

const neighbour = (address: string, host: string, device: string): string =>
  `neigh replace ${address} lladdr ${hardware(host)} dev ${device} nud permanent`;

/** A pod: a veth pair, of which the other end is the node's, routed or in its bridge. */
function podCommands(naming: Naming, node: LabNode, pod: LabPod, cni: TrafficCase['cni']): readonly Argv[] {
  const own = inside(naming(pod.host));
  const host = inside(naming(node.name));
  const outer = `v${pod.host}`;
  const number = NODES.indexOf(node) + 1;
  const device = cni === 'bridge' ? 'cni0' : outer;
  const gateway = cni === 'bridge' ? podAddress(number, 1) : ROUTED_GATEWAY;
  const far = cni === 'bridge' ? 'cni' : outer;
  return [
    [
      ...words(`ip link add ${outer} address ${hardware(outer)} netns`),
      naming(node.name),
      ...words(`type veth peer name eth0 address ${hardware(pod.host)} netns`),
      naming(pod.host),
    ],
    own.ip('link set eth0 up'),
    host.ip(`link set ${outer} up`),
    ...(cni === 'bridge' ? [host.ip(`link set ${outer} master cni0`)] : []),
    ...FAMILIES.flatMap((family) => [
      own.ip(`addr add ${pod.address[family]}/${cni === 'bridge' ? SUBNET[family] : WHOLE[family]} dev eth0`),
      own.ip(neighbour(gateway[family], far, 'eth0')),
      own.ip(`${FLAG[family]} route add ${gateway[family]} dev eth0`),
      own.ip(`${FLAG[family]} route add default via ${gateway[family]} dev eth0`),
      host.ip(neighbour(pod.address[family], pod.host, device)),
      ...(cni === 'bridge' ? [] : [host.ip(`${FLAG[family]} route add ${pod.address[family]} dev ${outer}`)]),
    ]),
    // Pods of one bridge reach each other without their node.
    ...(cni === 'bridge'
      ? node.pods
          .filter((other) => other !== pod)
          .flatMap((other) => FAMILIES.map((family) => own.ip(neighbour(other.address[family], other.host, 'eth0'))))
      : []),
  ];
}

const IPTABLES = { ipv4: 'iptables', ipv6: 'ip6tables' } as const;

const destination = ({ backend }: LabService, family: Family): string =>
  family === 'ipv4' ? `${backend.address.ipv4}:${SERVER_PORT}` : `[${backend.address.ipv6}]:${SERVER_PORT}`;

/** What kube-proxy would write for the Services; the chain for outside traffic is filled by `masquerade`. */
const serviceRules = (name: string): readonly Argv[] => {
  const { run } = inside(name);
  return FAMILIES.flatMap((family) => [
    ...SERVICES.flatMap((service) =>
      ['tcp', 'udp'].map((protocol) =>
        run(
          ...words(
            `${IPTABLES[family]} -w -t nat -A PREROUTING -d ${service.address[family]} -p ${protocol} --dport ${SERVICE_PORT} -j DNAT --to-destination ${destination(service, family)}`,
          ),
        ),
      ),
    ),
    run(...words(`${IPTABLES[family]} -w -t nat -N OUTSIDE`)),
    run(...words(`${IPTABLES[family]} -w -t nat -A POSTROUTING -j OUTSIDE`)),
  ]);
};

/** Replies within a bridge must pass the address translation of their node, as they do under kube-proxy. */
const THROUGH_TRANSLATION = { 'net.bridge.bridge-nf-call-iptables': 1, 'net.bridge.bridge-nf-call-ip6tables': 1 };

/** Turns the masquerading of outside traffic on or off, on every node. */
export const masquerade = (naming: Naming, on: boolean): readonly Argv[] =>
  NODES.flatMap((node, index) =>
    FAMILIES.flatMap((family) => {
      const { run } = inside(naming(node.name));
      const flush = run(...words(`${IPTABLES[family]} -w -t nat -F OUTSIDE`));
      const add = run(
        ...words(
          `${IPTABLES[family]} -w -t nat -A OUTSIDE -s ${subnet(index + 1)[family]} -d ${OUTSIDE.address[family]} -j MASQUERADE`,
        ),
      );
      return on ? [flush, add] : [flush];
    }),
  );

/** Interfaces of a host that carry traffic. */
const interfacesOf = (host: string, cni: TrafficCase['cni']): readonly string[] => {
  const node = NODES.find(({ name }) => name === host);
  if (node === undefined) return ['eth0'];
  return ['eth0', ...(cni === 'bridge' ? ['cni0'] : []), ...node.pods.map((pod) => `v${pod.host}`)];
};

/** The default of Linux. */
const MAX_SEGMENTS = 65_535;

/**
 * Turns segmentation and its reverse on or off, on every interface. With them, one event of an agent may stand for many packets. A macvlan
 * takes merged packets whatever its features are, so that those of its own host are told not to be made.
 */
export const offloads = (naming: Naming, on: boolean, cni: TrafficCase['cni']): readonly Argv[] =>
  HOSTS.flatMap((host) => {
    const { ip, run } = inside(naming(host));
    return [
      ...interfacesOf(host, cni).map((device) =>
        run('ethtool', '-K', device, ...['tso', 'gso', 'gro', 'tx'].flatMap((feature) => [feature, on ? 'on' : 'off'])),
      ),
      ip(`link set eth0 gso_max_segs ${on ? MAX_SEGMENTS : 1}`),
    ];
  });

/** Commands that build the network, in order: namespaces, the fabric, nodes, pods, Services. */
export function networkUp(naming: Naming, cni: TrafficCase['cni']): readonly Argv[] {
  const fabric = inside(naming(FABRIC));
  const spaces = [FABRIC, ...HOSTS].flatMap((host) => [
    ['ip', 'netns', 'add', naming(host)],
    inside(naming(host)).run(...sysctl(QUIET)),
    inside(naming(host)).ip('link set lo up'),
  ]);
  const edge = [
    { host: CONTROL_PLANE.host, address: CONTROL_PLANE.address },
    { host: OUTSIDE.host, address: OUTSIDE.gateway },
  ];
  const hosts = [...NODES.map(({ name, address }) => ({ host: name, address })), ...edge];
  const routes = hosts.flatMap(({ host }) => {
    const { ip } = inside(naming(host));
    return [
      ...hosts
        .filter((other) => other.host !== host)
        .flatMap((other) => FAMILIES.map((family) => ip(neighbour(other.address[family], other.host, 'eth0')))),
      ...NODES.flatMap((node, index) =>
        node.name === host
          ? []
          : FAMILIES.map((family) =>
              ip(`${FLAG[family]} route add ${subnet(index + 1)[family]} via ${node.address[family]}`),
            ),
      ),
      ...(host === OUTSIDE.host
        ? []
        : FAMILIES.map((family) => ip(`${FLAG[family]} route add default via ${OUTSIDE.gateway[family]}`))),
    ];
  });
  const bridges = NODES.flatMap((node, index) => {
    if (cni !== 'bridge') return [];
    const { ip, run } = inside(naming(node.name));
    return [
      run(...sysctl(THROUGH_TRANSLATION)),
      ip(`link add cni0 address ${hardware('cni')} type bridge`),
      ...FAMILIES.map((family) => ip(`addr add ${podAddress(index + 1, 1)[family]}/${SUBNET[family]} dev cni0`)),
      ip('link set cni0 up'),
    ];
  });
  return [
    ...spaces,
    fabric.ip('link add fab0 type veth peer name fab1'),
    fabric.ip('link set fab0 up'),
    fabric.ip('link set fab1 up'),
    ...NODES.map(({ name }) => inside(naming(name)).run(...sysctl(FORWARDING))),
    ...hosts.flatMap(({ host, address }) => onFabric(naming, host, address)),
    ...FAMILIES.map((family) =>
      inside(naming(OUTSIDE.host)).ip(`addr add ${OUTSIDE.address[family]}/${WHOLE[family]} dev lo`),
    ),
    ...routes,
    ...bridges,
    ...NODES.flatMap((node) => node.pods.flatMap((pod) => podCommands(naming, node, pod, cni))),
    ...NODES.flatMap(({ name }) => serviceRules(naming(name))),
  ];
}

/** Commands that remove the network: with its namespace goes everything that a host had. */
export const networkDown = (naming: Naming): readonly Argv[] =>
  [...HOSTS, FABRIC].map((host) => ['ip', 'netns', 'del', naming(host)]);
