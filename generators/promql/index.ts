export { DURATION, duration, labels, labelName, longer, quoted, quotedList, seconds } from './fragments.ts';
export {
  aggregate,
  copied,
  decidedBy,
  defaultLabel,
  either,
  firstOf,
  having,
  inOrder,
  join,
  type LabelCall,
  labelCalls,
  labelReplace,
  lacking,
  newest,
  recorded,
  renamed,
  replacedInTurn,
  UniqueVector,
  withLabel,
  withLabels,
} from './joins.ts';
export { asWritten, flat, Fragment, promql, Query, type Interpolation } from './query.ts';
export {
  conditionsOn,
  escapeRegex,
  matcherList,
  matches,
  noneOf,
  not,
  oneOf,
  parseMatchers,
  selector,
  selectorOfAny,
  type Matchers,
} from './selector.ts';
export { syntaxProblem } from './syntax.ts';
export { within } from './within.ts';
