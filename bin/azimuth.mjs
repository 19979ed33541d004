#!/usr/bin/env node
/** Starts the command line. */
import { start } from './start.mjs';

await start('generators/cli.ts');
