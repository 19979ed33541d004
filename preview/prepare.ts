import { ensureInstalled } from './host/install.ts';
import { previewRoot } from './host/root.ts';

// Installs the packages of the preview where they are missing or old: tests, type checks and lint read them.
await ensureInstalled(previewRoot(), (text) => process.stderr.write(`${text}\n`));
