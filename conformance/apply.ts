import { runApply } from './apply/run.ts';
import { asProcess } from './shared/main.ts';

await asProcess('conformance:apply', runApply);
