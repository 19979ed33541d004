import { runEngines } from './engines/run.ts';
import { asProcess } from './shared/main.ts';

await asProcess('conformance:engines', runEngines);
