import { asProcess } from '../conformance/shared/main.ts';
import { runMutate } from './run.ts';

await asProcess('mutate', runMutate);
