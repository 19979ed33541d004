import { plain, type Tree } from '../model/tree.ts';
import type { Config } from '../registry.ts';
import { noRouting, routingNames, shownInput, crossing } from '../routing/index.ts';
import { EXTERNAL, type FlowInput, noCost, priceOf, reportsAddresses, trafficNames } from '../traffic/index.ts';
import { makeBundle } from './bundle.ts';
import { readingsOf } from './readings.ts';

/** The records that advice reads, and what a unit of traffic is worth. */
export interface AdviceSource {
  readonly pairs: string;
  readonly cluster: string;
  readonly unattributed: string;
  /** 1 where traffic can be placed, 0 where it is withheld. */
  readonly usable: string;
  readonly routing: typeof routingNames;
  /** What `azimuth.yaml` must change so that routing is recorded; undefined if it is. */
  readonly noRouting: string | undefined;
  /** Per byte or flow, in `unit`. */
  readonly perUnit: number;
  /** Of amounts a month: a currency, GB, or what is counted. */
  readonly unit: string;
  /** The price with its date, or why there is none. */
  readonly price: string;
  /** Of what is reached through NAT gateways; undefined where it has no price, or is not known. */
  readonly nat?: NatSource;
  /** Why it has no price although there is such an end; undefined if it has one. */
  readonly noNat: string | undefined;
}

/** Ends beyond the cluster that are, or may be, reached through a NAT gateway, and what that costs. */
export interface NatSource {
  /** Names in `flows.external` with `through: nat`, and those of storage of which it is not said. */
  readonly names: readonly string[];
  readonly unsaid: readonly string[];
  /** The namespace of these ends. */
  readonly namespace: string;
  /** Per byte, in the unit of the advice. */
  readonly perUnit: number;
  readonly region: string;
}

const GIGABYTE = 'GB';

/** Why ends with `through: nat` have no price. */
const noNatPrice = (config: Config): string | undefined =>
  config.flows.external.some(({ through }) => through === 'nat') && priceOf(config).natPerGB === undefined
    ? `no public source gives the price of NAT gateways in ${config.cloud.region || 'this region'}: set cloud.price.natPerGB`
    : undefined;

/** Gateway endpoints are AWS's: elsewhere, storage is not reached through NAT gateways, or by other means. */
function natSource(config: Config, input: FlowInput): NatSource | undefined {
  const { natPerGB } = priceOf(config);
  const { provider, region, bytesPerGB } = config.cloud;
  if (provider !== 'aws' || natPerGB === undefined || natPerGB === 0) return undefined;
  const { external } = config.flows;
  const named = (is: (entry: (typeof external)[number]) => boolean): readonly string[] => [
    ...new Set(external.filter(is).map(({ name }) => name)),
  ];
  const said = named(({ through }) => through !== undefined);
  const names = named(({ through }) => through === 'nat');
  const unsaid = named(({ name, kind }) => kind === 'storage' && !said.includes(name));
  return reportsAddresses(input) && names.length + unsaid.length > 0
    ? { names, unsaid, namespace: EXTERNAL.namespace, perUnit: natPerGB / bytesPerGB, region }
    : undefined;
}

/** What advice on a configuration reads, or why there can be none. */
export function adviceSource(config: Config): AdviceSource | { readonly reason: string } {
  const readings = readingsOf(config);
  const found = crossing({ ...config, ...readings });
  const input = shownInput({ ...config, ...readings });
  if (input === undefined) return { reason: 'reason' in found ? found.reason : 'nothing is counted' };
  const names = trafficNames(config, input);
  const shared = {
    pairs: names.workloadPair,
    cluster: names.cluster,
    unattributed: names.unattributed,
    usable: names.placed,
    routing: routingNames,
    noRouting: noRouting({ ...config, ...readings }),
    noNat: noNatPrice(config),
  };
  const { bytesPerGB } = config.cloud;
  if (input.unit !== 'network_bytes') {
    const price = `${input.source.id} counts no bytes, so there is no price`;
    return { ...shared, perUnit: 1, unit: input.unitLabel.replace('/s', ''), price };
  }
  const why = noCost(config);
  if (why !== undefined) return { ...shared, perUnit: 1 / bytesPerGB, unit: GIGABYTE, price: why };
  const { egressPerGB = 0, ingressPerGB = 0, currency, asOf, source } = priceOf(config);
  const both = Number((egressPerGB + ingressPerGB).toPrecision(12));
  const nat = natSource(config, input);
  return {
    ...shared,
    ...(nat !== undefined && { nat }),
    perUnit: both / bytesPerGB,
    unit: currency,
    price: `${both} ${currency}/GB in both directions, as of ${asOf} (${source})`,
  };
}

/** A patch that the component of routing writes, or would. */
export interface RoutingPatch {
  readonly path: string;
  /** Whether the configuration lists it already. */
  readonly listed: boolean;
  /** What the patch of a Service sets, such as `trafficDistribution: PreferClose`; it depends on the version of Kubernetes. */
  readonly sets: string | undefined;
}

type Wanted = {
  readonly [Key in 'services' | 'workloads']: readonly Config['routing'][Key][number][];
};

const patches = (config: Config) => makeBundle(config).manifests.filter(({ name }) => name.startsWith('routing/'));

function setBy(content: Tree): string | undefined {
  const { metadata, spec } = plain(content) as {
    readonly metadata?: { readonly annotations?: Readonly<Record<string, unknown>> };
    readonly spec?: { readonly trafficDistribution?: string };
  };
  if (spec?.trafficDistribution !== undefined) return `trafficDistribution: ${spec.trafficDistribution}`;
  const set = Object.entries(metadata?.annotations ?? {}).filter(([, value]) => value !== null);
  return set.length === 0 ? undefined : set.map(([key, value]) => `${key}: ${String(value)}`).join(', ');
}

/** The patches of these Services and workloads, by their paths without the folder, such as `routing/shop/service-api`. */
export function routingPatches(config: Config, wanted: Wanted): ReadonlyMap<string, RoutingPatch> {
  const listed = new Set(patches(config).map(({ name }) => name));
  const { services, workloads } = config.routing;
  interface Named {
    readonly namespace: string;
    readonly name: string;
  }
  const has = (all: readonly Named[], one: Named): boolean =>
    all.some(({ namespace, name }) => namespace === one.namespace && name === one.name);
  const routing = {
    ...config.routing,
    services: [...services, ...wanted.services.filter((one) => !has(services, one))],
    workloads: [...workloads, ...wanted.workloads.filter((one) => !has(workloads, one))],
  };
  return new Map(
    patches({ ...config, routing }).map(({ name, content }) => [
      name,
      { path: `manifests/${name}.yaml`, listed: listed.has(name), sets: setBy(content) },
    ]),
  );
}
