/** Currencies for which Grafana has a unit, with its sign. Upstream: Grafana, packages/grafana-data/src/valueFormats/categories.ts. */
const WITH_UNIT = new Set(
  'USD GBP EUR JPY RUB UAH BRL DKK ISK NOK SEK CZK CHF PLN ZAR INR KRW IDR PHP VND TRY MYR'.split(' '),
);

/** The unit of money in Grafana: the sign where there is one, else the code before the number. */
export const moneyUnit = (currency: string): string =>
  WITH_UNIT.has(currency) ? `currency${currency}` : `currency:${currency} `;
