import { chosenNames } from '../settings/section.ts';

interface WithExporter {
  readonly ethtool: { readonly exporter: string | readonly string[] };
}

/** Whether an exporter of ENA counters is chosen, alone or beside others. */
export const readsExporter = ({ ethtool }: WithExporter, id: string): boolean =>
  chosenNames(ethtool.exporter).includes(id);

/** The chosen exporters as a reason, such as `ethtool.exporter is showmax`. */
export const exporterIs = ({ ethtool }: WithExporter): string =>
  `ethtool.exporter is ${[ethtool.exporter].flat().join(', ')}`;

/** True if the exporter is chosen; otherwise the reason. */
export const isExporter = (config: WithExporter, id: string): true | string =>
  readsExporter(config, id) || exporterIs(config);

/** Why there are no records of allowances; undefined if there are. */
export const noExporter = ({ exporters }: { readonly exporters: readonly unknown[] }): string | undefined =>
  exporters.length === 0 ? 'ethtool.exporter is none' : undefined;
