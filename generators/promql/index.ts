export { DURATION, duration, labels, labelName, longer, quoted, seconds } from './fragments.ts';
export {
  aggregate,
  copied,
  defaultLabel,
  either,
  firstOf,
  join,
  labelReplace,
  newest,
  recorded,
  renamed,
  UniqueVector,
  withLabel,
  withLabels,
} from './joins.ts';
export { Fragment, promql, Query, type Interpolation } from './query.ts';
export {
  conditionsOn,
  escapeRegex,
  matcherList,
  matches,
  not,
  oneOf,
  parseMatchers,
  selector,
  type Matchers,
} from './selector.ts';
export { syntaxProblem } from './syntax.ts';
