import { LINE } from '../schema/formats.ts';
import { SECTION } from '../schema/settings.ts';
import type { Names } from '../settings/section.ts';

/** The settings of the section `ethtool` that concern what is recorded, whoever exports it. */
export const allowanceSettings = ({ exporters }: Names) =>
  ({
    exporter: {
      enum: [...exporters, 'none'],
      default: 'showmax',
      description: 'Exporter: the one of the article, or node_exporter (see nodeExporter); none leaves allowances out.',
    },
    device: { ...LINE, default: 'eth.*|ens.*|enp.*', description: 'Network interfaces, a regular expression.' },
  }) as const;

/** The section `ethtool`, as far as others than the exporter's component read it. */
export const ETHTOOL_READINGS = (names: Names) => ({ ...SECTION, properties: allowanceSettings(names) }) as const;
