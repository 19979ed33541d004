/** Prices and the names of what months are recorded under, for commands and for everything outside of the generators. */
export { MONTH_NAMES, noCost, priceOf, wholeBook } from '../traffic/index.ts';
