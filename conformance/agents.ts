import { runAgents } from './agents/run.ts';
import { asProcess } from './shared/main.ts';

await asProcess('conformance:agents', runAgents);
