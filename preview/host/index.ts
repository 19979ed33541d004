/** The preview's host: serves dashboards to a browser, takes their pictures, compares them. Nothing else of this folder is for others. */
export { compareDashboards, type DashboardChanges, type PanelChanges } from './compare-dashboards.ts';
export { compareHtml, type Comparison } from './compare-html.ts';
export { writeComparison, type ComparisonOptions } from './compare.ts';
export type { Content } from './content.ts';
export type { Fault, FaultKind } from './faults.ts';
export { dashboardsAt } from './git.ts';
export { packagesIn } from './bundle.ts';
export { buildPage } from './page.ts';
export { takePictures, type Picture, type PictureOptions, type PictureReport } from './pictures.ts';
export { requireFreePort } from './port.ts';
export { startPreview, type Preview, type PreviewOptions } from './preview.ts';
export { isClean, reportText } from './report.ts';
export { previewRoot, sourcesFolder } from './root.ts';
export { watchFiles, type Watcher, type WatchOptions } from './watch.ts';
