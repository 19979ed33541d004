/** `npm run proof`: judges every recording and writes the table of attribution.md. Needs promtool. */
import { readFileSync, writeFileSync } from 'node:fs';
import { judge } from '../conformance/shared/judge.ts';
import { recordings } from '../conformance/shared/recordings.ts';
import { proofTable, withProof } from './proof.ts';

const FILE = 'docs/attribution.md';

const all = recordings();
const judged = [];
for (const [name, recording] of all) judged.push({ name, judgement: await judge(recording) });
writeFileSync(FILE, withProof(readFileSync(FILE, 'utf8'), proofTable(all, judged)));
