export { DURATION, duration, labels, labelName, longer, quoted, seconds } from './fragments.ts';
export {
  copied,
  defaultLabel,
  either,
  firstOf,
  join,
  newest,
  recorded,
  renamed,
  UniqueVector,
  withLabel,
  withLabels,
} from './joins.ts';
export { parseMatchers } from './matchers.ts';
export { Fragment, promql, Query, type Interpolation } from './query.ts';
export { escapeRegex, matcherList, matches, not, oneOf, selector, type Matcher, type Matchers } from './selector.ts';
export { syntaxProblem, type SyntaxProblem } from './syntax.ts';
