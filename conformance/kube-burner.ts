import { runKubeBurner } from './kube-burner/run.ts';
import { asProcess } from './shared/main.ts';

await asProcess('conformance:kube-burner', runKubeBurner);
