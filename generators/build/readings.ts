import type { Readings } from '../domain.ts';
import { COMPONENTS, type Config } from '../registry.ts';
import { chosenNames } from '../settings/section.ts';
import { chosenSources, inputsOf, type FlowSource } from '../traffic/index.ts';

/** The adapter of a flow source, chosen or not. @throws TypeError if no component has it. */
function flowSource(config: Config, id: string): FlowSource {
  const owner = COMPONENTS.find(({ flowSources }) => Object.hasOwn(flowSources, id));
  const source = owner?.bind(config).flowSource(id);
  if (source === undefined) throw new TypeError(`no flow source ${id}`);
  return source;
}

/** Adapters of all flow sources, for this configuration. */
export const allFlowSources = (config: Config): readonly FlowSource[] =>
  COMPONENTS.flatMap(({ flowSources }) => Object.keys(flowSources).map((id) => flowSource(config, id)));

/** Adapters of all exporters of ENA counters, by their ids. */
export const allExporters = () =>
  Object.assign({}, ...COMPONENTS.map((component) => component.exporters)) as Readonly<
    Record<string, Readings['exporters'][number]>
  >;

/** Readings of the components that a configuration chooses. */
export function readingsOf(config: Config): Readings {
  const exporters = allExporters();
  const sources = chosenSources(config.flows).map((id) => flowSource(config, id));
  return {
    sources,
    inputs: sources.flatMap((source) => inputsOf(config.flows, source)),
    exporters: chosenNames(config.ethtool.exporter).flatMap((id) => exporters[id] ?? []),
  };
}
