import { fieldColorModeRegistry, fieldMatchers, fieldReducers, getValueFormats } from '@grafana/data';
import { findProblems } from '../check/index.ts';
import { transformationIds } from '../grafana/setup.ts';
import type { DashboardJson } from '../model/dashboard-json.ts';
import type { PageProblem } from '../model/page-state.ts';
import { panelTypes } from '../panels/index.ts';

/** Ids of the units that Grafana lists; `si: flows/s` and the like are told by their prefix. */
const units = (): string[] => getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value));

/** Everything in a dashboard that would be skipped silently: unknown to Grafana's components, or not drawn here. */
export const problemsOf = (dashboard: DashboardJson): readonly PageProblem[] =>
  findProblems(dashboard, {
    panelTypes: Object.keys(panelTypes),
    transformations: transformationIds,
    units: units(),
    reducers: fieldReducers.list().map(({ id }) => id),
    fieldMatchers: fieldMatchers.list().map(({ id }) => id),
    colorModes: fieldColorModeRegistry.list().map(({ id }) => id),
  });
