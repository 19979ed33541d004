import { LINE, matching } from '../schema/formats.ts';
import { choice, inUnit, orNull, section, value, when } from '../schema/settings.ts';

const PRICE = {
  unit: 'cloud.price.currency per gigabyte',
  type: ['number', 'null'],
  minimum: 0,
  expected: 'a number of at least 0, or null',
} as const;

const OWN_PRICE = section('Your own price, which overrides the built-in price book. null: the price of the book.', {
  egressPerGB: value(PRICE, null, 'Price per gigabyte that leaves a zone for another zone.'),
  ingressPerGB: value(PRICE, null, 'Price per gigabyte that enters a zone from another zone.'),
  crossRegionPerGB: value(PRICE, null, 'Price per gigabyte that leaves the region for another one.'),
  natPerGB: value(PRICE, null, 'Price per gigabyte that a NAT gateway handles.'),
  internetPerGB: value(PRICE, null, 'Price per gigabyte that leaves for the internet.'),
  discount: inUnit(
    'share of the price',
    value(
      { type: 'number', minimum: 0, maximum: 1, expected: 'a share between 0 and 1 such as 0.12' },
      0,
      'Discount on the prices of the book: 0.12 is 12 %. Your own prices are taken as they are.',
    ),
  ),
  currency: value(orNull(matching('^[A-Z]{3}$', 'a currency code such as USD')), null, 'Currency of the price.'),
  asOf: value(
    orNull(matching('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', 'a date in quotes such as "2026-11-01"')),
    null,
    'Date on which you checked the price.',
  ),
});

/** The cloud provider, and its price for traffic between zones. */
export const CLOUD = when(
  'records of cost',
  section('The cloud provider, and its price for traffic between zones.', {
    provider: choice(
      ['aws', 'gcp', 'azure', 'none'],
      'aws',
      'Cloud provider whose prices apply. none: traffic between zones is free. azure also changes what zones.valid is by default.',
    ),
    region: {
      ...value(
        LINE,
        '',
        'Region, with which the regions of ranges are compared; also the default of adot.region. The price book has some prices by region: azimuth list --prices.',
      ),
      note: true,
    },
    bytesPerGB: inUnit(
      'bytes',
      choice([1_000_000_000, 1_073_741_824], 1_000_000_000, 'Bytes in a billed gigabyte: 10^9, or 2^30 (7 % more).'),
    ),
    price: OWN_PRICE,
  }),
);
