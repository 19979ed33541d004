/** The parts of Grafana's classic dashboard JSON that the preview reads. Unknown keys are left to the check. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly time?: { readonly from: string; readonly to: string };
  readonly refresh?: string;
  readonly timezone?: string;
  readonly links?: readonly DashboardLinkJson[];
  readonly panels?: readonly PanelJson[];
  readonly annotations?: { readonly list?: readonly AnnotationJson[] };
  readonly templating?: { readonly list?: readonly VariableJson[] };
  readonly [key: string]: unknown;
}

/** A link in the dashboard's head: to dashboards of some tags, or to an address. */
export interface DashboardLinkJson {
  readonly type: string;
  readonly title: string;
  readonly tags?: readonly string[];
  readonly url?: string;
  readonly asDropdown?: boolean;
  readonly keepTime?: boolean;
  readonly includeVars?: boolean;
  readonly targetBlank?: boolean;
}

/** Marks on all graphs, where a query has a value. Those of other data sources have no `expr`. */
export interface AnnotationJson {
  readonly name?: string;
  readonly enable?: boolean;
  readonly iconColor?: string;
  readonly expr?: string;
  readonly step?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly [key: string]: unknown;
}

/** Where a panel lies: 24 columns wide, in rows of 30 px. */
export interface GridPos {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A query of a panel. */
export interface TargetJson {
  readonly refId: string;
  readonly expr?: string;
  readonly format?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly legendFormat?: string;
  readonly interval?: string;
  readonly hide?: boolean;
  readonly [key: string]: unknown;
}

/** A setting for the fields that a matcher finds. */
export interface OverrideJson {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

/** A step between the answer of the data source and the panel. */
export interface TransformationJson {
  readonly id: string;
  readonly options?: unknown;
  readonly disabled?: boolean;
  readonly [key: string]: unknown;
}

/** A panel or a row; the panels of a collapsed row lie in it. */
export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: GridPos;
  readonly collapsed?: boolean;
  readonly panels?: readonly PanelJson[];
  readonly targets?: readonly TargetJson[];
  readonly transformations?: readonly TransformationJson[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly fieldConfig?: {
    readonly defaults?: Readonly<Record<string, unknown>>;
    readonly overrides?: readonly OverrideJson[];
  };
  readonly maxDataPoints?: number;
  readonly interval?: string;
  readonly transparent?: boolean;
  readonly repeat?: string;
  readonly [key: string]: unknown;
}

/** One choice of a variable. */
export interface VariableOptionJson {
  readonly text: string | readonly string[];
  readonly value: string | readonly string[];
  readonly selected?: boolean;
}

/** A variable of the dashboard. */
export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly label?: string;
  readonly description?: string;
  readonly query?: unknown;
  readonly definition?: string;
  readonly regex?: string;
  readonly sort?: number;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  readonly hide?: number;
  readonly current?: { readonly text?: unknown; readonly value?: unknown };
  readonly options?: readonly VariableOptionJson[];
  readonly [key: string]: unknown;
}
