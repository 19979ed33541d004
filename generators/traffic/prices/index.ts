import type { Slice } from '../../settings/section.ts';
import type { CLOUD } from '../../settings/cloud.ts';
import { listed, type ListPrices } from './book.ts';

export { wholeBook } from './book.ts';

type Cloud = Slice<{ cloud: typeof CLOUD }>;

/** What a gigabyte costs where it is billed, in `currency`; a price that is not known is missing. */
interface Price extends ListPrices {
  readonly currency: string;
  /** The day on which the price was checked, as YYYY-MM-DD. */
  readonly asOf: string;
  /** Where it is published. */
  readonly source: string;
}

/** Settings of prices, in the order in which they are shown. */
const FIELDS = ['egressPerGB', 'ingressPerGB', 'crossRegionPerGB', 'natPerGB', 'internetPerGB'] as const;

/** Prices have up to twelve digits; a discount would leave traces of binary fractions. */
const tidy = (price: number): number => Number(price.toPrecision(12));

/** The prices that apply: those of the book less the discount, overridden by the configuration. */
export function priceOf({ cloud }: Cloud): Price {
  const { discount, currency, asOf, ...own } = cloud.price;
  const book = listed(cloud.provider, cloud.region);
  const isOwn = FIELDS.some((field) => own[field] !== null) || currency !== null;
  const prices = FIELDS.flatMap((field) => {
    const list = book[field];
    const price = own[field] ?? (list === undefined ? undefined : tidy(list * (1 - discount)));
    return price === undefined ? [] : [[field, price]];
  });
  const lessDiscount = discount === 0 ? '' : `, less a discount of ${tidy(discount * 100)} %`;
  return {
    ...(Object.fromEntries(prices) as ListPrices),
    currency: currency ?? book.currency,
    asOf: asOf ?? book.asOf,
    source: isOwn ? 'cloud.price of the configuration' : `${book.source}${lessDiscount}`,
  };
}

/** What is billed, at which end: the labels of prices. A class of traffic may be added. */
const BILLED = {
  egressPerGB: { class: 'cross_zone', direction: 'egress' },
  ingressPerGB: { class: 'cross_zone', direction: 'ingress' },
  crossRegionPerGB: { class: 'cross_region', direction: 'egress' },
  natPerGB: { class: 'nat', direction: 'processed' },
  internetPerGB: { class: 'internet', direction: 'egress' },
} as const;

/** The known prices one by one, by class of traffic and billed direction. */
export function pricesOf(config: Cloud) {
  const all = priceOf(config);
  return FIELDS.flatMap((field) => {
    const price = all[field];
    return price === undefined ? [] : [{ ...BILLED[field], price }];
  });
}

/** What a gigabyte across zones costs at the sender and at the receiver; 0 where neither book nor configuration says. */
export function crossZonePrice(config: Cloud) {
  const { egressPerGB = 0, ingressPerGB = 0, currency } = priceOf(config);
  return { egress: egressPerGB, ingress: ingressPerGB, both: tidy(egressPerGB + ingressPerGB), currency };
}

/** Prices of what leaves the region, by the class of cost; a price that is not known is missing. */
export function externalPrices(config: Cloud) {
  const { internetPerGB, crossRegionPerGB, natPerGB } = priceOf(config);
  return { internet: internetPerGB, cross_region: crossRegionPerGB, nat: natPerGB };
}

/** The price in a sentence, for comments. */
export const priceText = (config: Cloud): string => {
  const { egress, ingress } = crossZonePrice(config);
  const { currency, asOf, source } = priceOf(config);
  const gigabyte = config.cloud.bytesPerGB === 1_000_000_000 ? '10^9 bytes' : '2^30 bytes';
  return `${egress} ${currency}/GB billed to the sender and ${ingress} ${currency}/GB to the receiver, 1 GB = ${gigabyte}, as of ${asOf} (${source})`;
};

/** Why traffic between zones has no cost; undefined if it has one. */
export function noCost(config: Cloud): string | undefined {
  const { egressPerGB, ingressPerGB } = priceOf(config);
  if (egressPerGB === undefined && ingressPerGB === undefined)
    return `no public source gives the prices of ${config.cloud.region}: set cloud.price`;
  return crossZonePrice(config).both > 0
    ? undefined
    : `cloud.provider is ${config.cloud.provider}: traffic between zones is free`;
}
