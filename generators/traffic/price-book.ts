import type { Slice } from '../settings/section.ts';
import type { CLOUD } from '../settings/cloud.ts';

type Cloud = Slice<{ cloud: typeof CLOUD }>;

/** The price of a gigabyte that crosses zones inside a region, as billed at each of the two zones. */
interface Price {
  /** Billed to the zone that sends, in `currency` per GB. */
  readonly egressPerGB: number;
  /** Billed to the zone that receives, in `currency` per GB. */
  readonly ingressPerGB: number;
  readonly currency: string;
  /** The day on which the price was checked, as YYYY-MM-DD. */
  readonly asOf: string;
  /** Where it is published. */
  readonly source: string;
}

type Provider = Cloud['cloud']['provider'];

const FREE = { egressPerGB: 0, ingressPerGB: 0, currency: 'USD', asOf: '2026-11-01' } as const;

/** List prices. Regional exceptions are not verified; `cloud.price` overrides them. */
const PRICE_BOOK: Readonly<Record<Provider, Price>> = {
  aws: {
    egressPerGB: 0.01,
    ingressPerGB: 0.01,
    currency: 'USD',
    asOf: '2026-11-01',
    source:
      'Amazon EC2 on-demand pricing, data transfer within the same region (DataTransfer-Regional-Bytes, billed in each direction)',
  },
  gcp: {
    egressPerGB: 0.01,
    ingressPerGB: 0,
    currency: 'USD',
    asOf: '2026-11-01',
    source: 'Google Cloud network pricing, VM-to-VM between zones of a region (billed to the sender)',
  },
  azure: { ...FREE, source: 'Azure bandwidth pricing, between availability zones' },
  none: { ...FREE, source: 'traffic between zones is free' },
};

/** The price that applies: that of the book, overridden by the configuration. */
export function priceOf({ cloud }: Cloud): Price {
  const own = cloud.price;
  const book = PRICE_BOOK[cloud.provider];
  const isOwn = Object.values(own).some((value) => value !== null);
  return {
    egressPerGB: own.egressPerGB ?? book.egressPerGB,
    ingressPerGB: own.ingressPerGB ?? book.ingressPerGB,
    currency: own.currency ?? book.currency,
    asOf: own.asOf ?? book.asOf,
    source: isOwn ? 'cloud.price of the configuration' : book.source,
  };
}

/** The price in a sentence, for comments. */
export const priceText = (config: Cloud): string => {
  const { egressPerGB, ingressPerGB, currency, asOf, source } = priceOf(config);
  const gigabyte = config.cloud.bytesPerGB === 1_000_000_000 ? '10^9 bytes' : '2^30 bytes';
  return `${egressPerGB} ${currency}/GB billed to the sender and ${ingressPerGB} ${currency}/GB to the receiver, 1 GB = ${gigabyte}, as of ${asOf} (${source})`;
};

/** Why traffic between zones has no cost; undefined if it has one. */
export function noCost(config: Cloud): string | undefined {
  const { egressPerGB, ingressPerGB } = priceOf(config);
  return egressPerGB + ingressPerGB > 0
    ? undefined
    : `cloud.provider is ${config.cloud.provider}: traffic between zones is free`;
}
