import { LINE } from '../schema/formats.ts';
import { SECTION } from '../schema/settings.ts';

const PRICE = {
  type: ['number', 'null'],
  minimum: 0,
  default: null,
  expected: 'a number of at least 0, or null',
} as const;

/** Settings of the cloud and of what it bills for traffic between zones. */
export const CLOUD = {
  ...SECTION,
  description: 'The cloud, and what it bills for traffic between its zones.',
  properties: {
    provider: {
      enum: ['aws', 'gcp', 'azure', 'none'],
      default: 'aws',
      description: 'Whose prices apply; none where nobody bills traffic between zones.',
    },
    region: {
      ...LINE,
      default: '',
      description: 'The region, for the record; prices of the book apply to all regions.',
    },
    bytesPerGB: {
      enum: [1_000_000_000, 1_073_741_824],
      default: 1_000_000_000,
      description: 'What a gigabyte of the price is: 10^9 bytes, or 2^30 (7 % more).',
    },
    price: {
      ...SECTION,
      description: 'A price of your own, in place of the price book; what is null is taken from the book.',
      properties: {
        egressPerGB: { ...PRICE, description: 'Billed to the zone that sends, per gigabyte.' },
        ingressPerGB: { ...PRICE, description: 'Billed to the zone that receives, per gigabyte.' },
        currency: {
          type: ['string', 'null'],
          default: null,
          pattern: '^[A-Z]{3}$',
          expected: 'a currency code such as USD, or null',
          description: 'Currency of the price.',
        },
        asOf: {
          type: ['string', 'null'],
          default: null,
          pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
          expected: 'a date in quotes such as "2026-11-01", or null',
          description: 'When the price was checked.',
        },
      },
    },
  },
} as const;
