import type { Readings } from '../domain.ts';
import { COMPONENTS, type Config } from '../registry.ts';
import { chosenSources, inputsOf, type FlowSource } from '../traffic/index.ts';

/** The adapter of one flow source, chosen or not. @throws TypeError when the registry does not know it. */
export function flowSource(config: Config, id: string): FlowSource {
  const owner = COMPONENTS.find(({ flowSources }) => Object.hasOwn(flowSources, id));
  const source = owner?.bind(config).flowSource(id);
  if (source === undefined) throw new TypeError(`no flow source ${id}`);
  return source;
}

/** Every flow source there is, as this configuration would use it. */
export const allFlowSources = (config: Config): readonly FlowSource[] =>
  COMPONENTS.flatMap(({ flowSources }) => Object.keys(flowSources).map((id) => flowSource(config, id)));

/** Readings of the components that a configuration chooses. */
export function readingsOf(config: Config): Readings {
  const { exporter } = config.ethtool;
  const exporters = Object.assign({}, ...COMPONENTS.map((component) => component.exporters)) as Readonly<
    Record<string, NonNullable<Readings['exporter']>>
  >;
  const sources = chosenSources(config.flows).map((id) => flowSource(config, id));
  return {
    sources,
    inputs: sources.flatMap((source) => inputsOf(config.flows, source)),
    exporter: exporter === 'none' ? undefined : exporters[exporter],
  };
}
