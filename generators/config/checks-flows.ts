import { parseMatchers, type Matchers } from '../promql/index.ts';
import { flowSources } from '../sources/index.ts';
import { flowInputs, selectionFor, selectionName } from '../sources/input.ts';
import { problem, regexProblem, type Check } from './check.ts';
import { suggestion, type Problem } from './problems.ts';
import { renamedSelection } from './renamed.ts';

/** Units that the sources of a configuration would record twice. */
const twoSources: Check = {
  reads: ['flows.source', 'flows.select', 'flows.units'],
  find: (config) => {
    const { flows } = config;
    const inputs = [flows.source].flat().flatMap((source) => {
      const one = { ...config, flows: { ...flows, source, select: 'default' } };
      return flowInputs(one).map(({ unit }) => ({ unit, source }));
    });
    const clash = inputs.find(({ unit }, index) => inputs.findIndex((other) => other.unit === unit) !== index);
    if (clash !== undefined) {
      const rival = inputs.find(({ unit }) => unit === clash.unit)?.source;
      const unit = clash.unit.replace('network_', '');
      const expected = `sources that count in different units (${String(rival)} and ${clash.source} both record ${unit}; see flows.units)`;
      return [problem('flows.source', flows.source, expected)];
    }
    // A source that records nothing would be installed and scraped for nothing.
    return flowSources(config)
      .filter(({ id }) => !inputs.some(({ source }) => source === id))
      .map(({ id }) => problem('flows.units', flows.units, `a unit that ${id} counts`));
  },
};

/** What Prometheus would refuse about matchers that are well written. */
const matcherProblems = (path: string, value: string, matchers: Matchers): readonly Problem[] =>
  Object.values(matchers)
    .flatMap((conditions) => (typeof conditions === 'string' ? [] : conditions))
    .flatMap(({ operator, value: regex }) => {
      const why = operator.includes('~') ? regexProblem(regex) : undefined;
      return why === undefined
        ? []
        : [problem(path, value, `a regular expression as Prometheus reads it (RE2) in ${regex} (${why})`)];
    });

const selections: Check = {
  reads: ['flows.source', 'flows.select'],
  find: (config) => {
    const { select } = config.flows;
    const sources = flowSources(config);
    const places =
      typeof select === 'string'
        ? sources.map((source) => ({ source, path: 'flows.select', value: select }))
        : sources.map((source) => ({
            source,
            path: `flows.select.${source.id}`,
            value: selectionFor(config, source.id),
          }));
    const wrong = places.flatMap(({ source, path, value }) => {
      if (selectionName(config, source) !== undefined) return [];
      const matchers = parseMatchers(value);
      if (matchers !== undefined) return matcherProblems(path, value, matchers);
      const names = Object.keys(source.selections);
      const renamed = renamedSelection(value, names);
      if (renamed !== undefined) return [{ path, message: renamed }];
      const hint = suggestion(value, names);
      const expected = `default, ${names.join(', ')} (the selections of ${source.id}), or matchers such as traffic_direction="ingress"`;
      return [problem(path, value, hint.startsWith('did') ? `${expected}; ${hint}` : expected)];
    });
    const unused =
      typeof select === 'string'
        ? []
        : Object.keys(select)
            .filter((id) => !sources.some((source) => source.id === id))
            .map((id) => ({ path: `flows.select.${id}`, message: `${id} is not among flows.source` }));
    return [...wrong, ...unused];
  },
};

/** Whether the flow sources can be had together, and read as asked. */
export const flowChecks: readonly Check[] = [twoSources, selections];
