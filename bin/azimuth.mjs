#!/usr/bin/env node
/** Starts the command line. */
import { bundled } from './bundle.mjs';

await import(await bundled('generators/cli.ts'));
