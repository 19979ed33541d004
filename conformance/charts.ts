import { runCharts } from './charts/run.ts';
import { asProcess } from './shared/main.ts';

await asProcess('conformance:charts', runCharts);
