/** Variables of a dashboard: what they are, which options they have, what is chosen, and what queries see of it. */
export { ALL, type Variable, type VariableKind, type VariableOption, type VariableSort } from './variable.ts';
export { parseVariable } from './variable-parse.ts';
export { parseVariableQuery, type VariableQuery } from './variable-query.ts';
export { listedOptions, optionsOf } from './variable-options.ts';
export { keepKnown, scopedValue, selectionOf, urlValues, type Selection } from './variable-selection.ts';
export { dependsOn, inOrder, type OrderedVariables } from './variable-order.ts';
