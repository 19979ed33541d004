import type { PanelTarget } from '../../model/dashboard.ts';
import { stat, timeSeries } from '../../panels/charts.ts';
import { COLOURS, inCluster, overTime } from '../../panels/shared.ts';
import { oneOf, promql, type Query } from '../../promql/index.ts';
import type { TrafficConfig } from '../config.ts';
import type { FlowInput } from '../input.ts';
import { LOCALITIES, ZONED_LOCALITIES } from '../records/names.ts';
import { knowsLocality, notPlaced } from '../records/usable.ts';
import { chosenCost, chosenTotal, hasWorkloads } from './chosen.ts';
import { costText, currencyUnit, monthly, noMoney } from './money.ts';
import { grafanaUnit, NO_IDENTITY, type PanelSpec, type PanelSpecs } from './panel-spec.ts';
import { LOCALITY_TEXTS } from './variables.ts';

const WITHHELD_TITLE = `Withheld: ${NO_IDENTITY}`;

/** One number in the top row. */
export const tile = (width: number, needs: NonNullable<PanelSpec['needs']>, options: Parameters<typeof stat>[0]) => ({
  width,
  height: 4,
  needs,
  panel: () => stat(options),
});

/** Where figures are withheld, in the chosen clusters; nowhere for a source that needs no identity. */
const withheld = (config: TrafficConfig, input: FlowInput): Query | undefined =>
  knowsLocality(input.source) ? undefined : notPlaced(config, input, inCluster(config));

/** A line on the ground of a graph for as long as its figures are withheld. */
export function withheldLine(config: TrafficConfig, input: FlowInput): readonly PanelTarget[] {
  const where = withheld(config, input);
  return where === undefined ? [] : [overTime(promql`0 * group(${where})`, WITHHELD_TITLE)];
}

/** What a number shows while its figures are withheld. */
export function hiddenWhere(config: TrafficConfig, input: FlowInput) {
  const where = withheld(config, input);
  return where === undefined ? {} : { withheld: { where, text: NO_IDENTITY } };
}

/** Which traffic the numbers are about, for descriptions. */
const ofWhat = (config: TrafficConfig): string =>
  hasWorkloads(config) ? 'With namespaces chosen: traffic with an end in them, each pair once.' : '';

/** The numbers of the top row, and their trend. */
export function overviewPanels(config: TrafficConfig, input: FlowInput) {
  const unit = grafanaUnit(input);
  const hidden = hiddenWhere(config, input);
  const total = chosenTotal(config, input);
  const zoned = chosenTotal(config, input, { locality: oneOf(ZONED_LOCALITIES) });
  const share = (locality: string) => promql`${chosenTotal(config, input, { locality })} / (${zoned} > 0)`;
  const measured = `In ${input.unitLabel}, each packet counted once, averaged over ${config.rules.window}.`;
  const denominator = `of what is shown within the region: same zone, cross zone and unknown. ${ofWhat(config)}`.trim();
  return {
    'cross-zone': tile(6, [], {
      title: 'Cross zone',
      description:
        `Traffic between two zones, which most clouds bill by bytes. ${measured} ${ofWhat(config)} The percentage is the change over the time range.`.replace(
          '  ',
          ' ',
        ),
      expr: chosenTotal(config, input, { locality: 'cross_zone' }),
      ...hidden,
      unit,
      steps: [[null, COLOURS.cross_zone]],
      change: true,
      size: 36,
    }),
    'cross-zone-share': tile(6, ['peers'], {
      title: 'Cross-zone share',
      description: `Cross-zone traffic as a share ${denominator} With three zones and no zone-aware routing, expect about two thirds.`,
      expr: share('cross_zone'),
      ...hidden,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, COLOURS.good],
        [0.1, COLOURS.attention],
        [0.4, COLOURS.warning],
      ],
      change: true,
      size: 36,
    }),
    cost: tile(3, ['money'], {
      title: 'Cost a month',
      description: `${costText(config)} ${ofWhat(config)} Traffic with an unknown zone has no price, so the bill may be higher.`,
      expr: monthly(chosenCost(config, input)),
      ...hidden,
      unit: noMoney(config, input) === undefined ? currencyUnit(config) : 'none',
      steps: [[null, COLOURS.cross_zone]],
      sparkline: false,
    }),
    total: tile(3, ['peers'], {
      title: 'Total',
      description:
        `All traffic that ${input.source.id} sees; "azimuth list --sources" says what it does not see. ${measured} ${ofWhat(config)}`.trim(),
      expr: total,
      ...hidden,
      unit,
      steps: [[null, COLOURS.total]],
      sparkline: false,
    }),
    'same-zone': tile(3, ['peers'], {
      title: 'Same zone',
      description: `Traffic within one zone. ${measured} ${ofWhat(config)}`.trim(),
      expr: chosenTotal(config, input, { locality: 'same_zone' }),
      ...hidden,
      unit,
      steps: [[null, COLOURS.same_zone]],
      sparkline: false,
    }),
    'unknown-share': tile(noMoney(config, input) === undefined ? 3 : 6, ['peers'], {
      title: 'Unknown share',
      description:
        `Traffic with an unknown zone at either end as a share ${denominator} Such ends are private addresses outside the cluster, pods that Hubble reports by address only, ` +
        'nodes without a zone. If it is large, the other numbers are too low.',
      expr: share('unknown'),
      ...hidden,
      unit: 'percentunit',
      decimals: 1,
      steps: [
        [null, COLOURS.unknown],
        [0.1, COLOURS.attention],
        [0.3, COLOURS.warning],
      ],
      sparkline: false,
    }),
    locality: {
      width: 12,
      height: 8,
      panel: () =>
        timeSeries({
          title: 'Traffic by locality',
          description:
            `Traffic within a zone, across zones, with other regions, with the internet and object storage, and with an unknown zone, stacked to the total. ${measured} ${ofWhat(config)}`.trim(),
          targets: [
            ...LOCALITIES.map((locality) =>
              overTime(chosenTotal(config, input, { locality }), LOCALITY_TEXTS[locality]),
            ),
            ...withheldLine(config, input),
          ],
          unit,
          stacked: true,
          colours: {
            ...Object.fromEntries(LOCALITIES.map((locality) => [LOCALITY_TEXTS[locality], COLOURS[locality]])),
            [WITHHELD_TITLE]: COLOURS.unknown,
          },
        }),
    },
  } satisfies PanelSpecs;
}
