import type { Dashboard } from '../../model/dashboard.ts';
import { panelsOf } from '../../panels/needs.ts';
import { commonVariables, inCluster } from '../../panels/shared.ts';
import { not, selector } from '../../promql/index.ts';
import { pipelineNames } from '../names.ts';
import type { PipelineConfig } from '../settings.ts';
import { figurePanels, lossPanels, packetPanels, rulePanels, usagePanels } from './graphs.ts';
import { MISSING, type PipelinePanel, pipelineSeries } from './panel.ts';
import { agentsPanel, costTiles, firingPanel, missingPanel, tiles } from './summary.ts';

/** The observer itself: whether its agents work, what they lose, and what they cost. */
export function flowPipeline(config: PipelineConfig): Dashboard {
  const series = pipelineSeries(config);
  const sections: readonly { readonly title?: string; readonly panels: readonly PipelinePanel[] }[] = [
    {
      panels: [
        ...tiles(config, series),
        firingPanel(config, series),
        missingPanel(config, series),
        agentsPanel(config, series),
      ],
    },
    { title: 'What agents lose', panels: lossPanels(config, series) },
    { title: 'What it costs', panels: [...costTiles(config, series), ...usagePanels(series)] },
    { title: 'Rules', panels: rulePanels(config) },
    { title: 'Packets that go wrong', panels: packetPanels(config, series) },
    { title: 'Whether the figures are right', panels: figurePanels(config, series) },
  ];
  const uid = 'flow-pipeline';
  const { up } = pipelineNames(config);
  return {
    uid,
    title: 'Flow pipeline',
    description:
      'The observer itself: whether its agents work, what they lose, what they cost, and the packets that go wrong.',
    tags: ['azimuth', 'network'],
    from: 'now-3h',
    refresh: '1m',
    variables: [
      ...commonVariables(config, selector(up)),
      {
        kind: 'query',
        name: 'node',
        label: 'Node',
        description: 'Nodes whose agents to show.',
        query: { selector: selector(up, { ...inCluster(config), node: not('') }), label: 'node' },
        multi: true,
      },
    ],
    ...panelsOf(uid, (need) => MISSING[need](config), sections),
  };
}
