import { alertsFor, allAlerts, allowanceAlerts } from '../alerts/index.ts';
import type { Config } from '../settings/index.ts';
import { dashboardIndex } from '../dashboards/index.ts';
import { changedDashboard, omittedPanels } from './overrides.ts';
import { manifestsFor } from '../manifests/index.ts';
import type { Bundle, SourceNote } from '../model/bundle.ts';
import type { Dashboard } from '../model/dashboard.ts';
import type { Omission } from '../model/skipped.ts';
import { generalOmissions } from './skipped.ts';
import type { RuleFile } from '../model/rules.ts';
import { allowanceRules } from '../allowances/records.ts';
import type { FlowSource } from '../traffic/source.ts';
import { allFlowSources, ethtoolExporter, flowSources } from '../sources/index.ts';
import { flowInputs, selectionName } from '../traffic/input.ts';
import { trafficRuleFiles, type Part } from '../traffic/rule-files.ts';
import { valuesFor } from '../values/index.ts';

function allowanceRuleFiles(config: Config): Part<RuleFile> {
  const exporter = ethtoolExporter(config);
  if (exporter === undefined) {
    return { made: [], omissions: [{ what: 'rules on ENA allowances', reason: 'ethtool.exporter is none' }] };
  }
  const group = {
    name: 'azimuth-ena-allowances',
    interval: config.rules.interval,
    rules: [...allowanceRules(config, exporter), ...alertsFor(config, allowanceAlerts)],
  };
  return {
    made: [
      {
        name: 'ena-allowances',
        about: 'Network limits of EC2 nodes (ENA allowances): records and alerts.',
        groups: [group],
      },
    ],
    omissions: [],
  };
}

function dashboards(config: Config): Part<Dashboard> {
  const parts = dashboardIndex.map(({ uid, make }): Part<Dashboard> => {
    const change = config.dashboards[uid] ?? {};
    if (change === false) {
      return { made: [], omissions: [{ what: `dashboard ${uid}`, reason: 'switched off in the configuration' }] };
    }
    const made = make(config);
    return 'sections' in made
      ? {
          made: [changedDashboard(made, change)],
          omissions: [...(made.omissions ?? []), ...omittedPanels(uid, change)],
        }
      : { made: [], omissions: [made] };
  });
  return { made: parts.flatMap(({ made }) => made), omissions: parts.flatMap(({ omissions }) => omissions) };
}

function alertOmissions(config: Config): readonly Omission[] {
  return allAlerts.flatMap((spec) => {
    const reason = config.alerts[spec.alert] === false ? 'switched off in the configuration' : spec.without?.(config);
    return reason === undefined ? [] : [{ what: `alert ${spec.alert}`, reason }];
  });
}

const noteOf = (config: Config, source: FlowSource): SourceNote => {
  const chosen = flowSources(config).some(({ id }) => id === source.id);
  const inputs = flowInputs({ ...config, flows: { ...config.flows, source: source.id, select: 'default' } });
  return {
    id: source.id,
    chosen,
    select: chosen ? (selectionName(config, source) ?? 'custom matchers') : (Object.keys(source.selections)[0] ?? ''),
    selections: Object.keys(source.selections),
    units: inputs.map(({ unitLabel }) => unitLabel),
    granularity: source.granularity,
    countOnce: source.countOnce,
    blindSpots: source.blindSpots,
  };
};

/** Everything that a configuration asks for, and what it cannot have with the reason. Pure. */
export function makeBundle(config: Config): Bundle {
  const traffic = trafficRuleFiles(config);
  const allowances = allowanceRuleFiles(config);
  const boards = dashboards(config);
  return {
    ruleFiles: [...traffic.made, ...allowances.made],
    dashboards: boards.made,
    ...valuesFor(config),
    ...manifestsFor(config),
    sources: allFlowSources(config).map((source) => noteOf(config, source)),
    omissions: [
      ...generalOmissions(config),
      ...traffic.omissions,
      ...allowances.omissions,
      ...boards.omissions,
      ...alertOmissions(config),
    ],
  };
}
