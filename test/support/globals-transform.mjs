/**
 * Jest runs each test file in a context of its own, where Node looks up every global name (`Math`, `Number`) through a hook: a loop
 * over a million samples took ten seconds instead of one. So each module reads the globals it uses once, into constants. They stand
 * in front of its first line, so that line numbers in stack traces stay as they are.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import swc from '@swc/jest';

/** Globals that no test replaces: no clocks, no timers, neither `process` nor `fetch`. */
const NAMES = [
  'Array',
  'BigInt',
  'Buffer',
  'Error',
  'Infinity',
  'JSON',
  'Map',
  'Math',
  'NaN',
  'Number',
  'Object',
  'Promise',
  'RegExp',
  'Set',
  'String',
  'Uint8Array',
  'WeakMap',
].map((name) => ({ name, use: new RegExp(`\\b${name}\\b`) }));

/** A name in a comment or a string gets a constant too, which does no harm. */
function withConstants(code) {
  const used = NAMES.filter(({ use }) => use.test(code)).map(({ name }) => name);
  return used.length === 0 ? code : `const { ${used.join(', ')} } = globalThis; ${code}`;
}

/** A change of this file makes what Jest has cached old. */
const OWN_TEXT = readFileSync(new URL(import.meta.url));

export default {
  createTransformer(options) {
    const inner = swc.createTransformer(options);
    const changed = (result) => ({ ...result, code: withConstants(result.code) });
    return {
      canInstrument: inner.canInstrument,
      process: (...file) => changed(inner.process(...file)),
      processAsync: async (...file) => changed(await inner.processAsync(...file)),
      getCacheKey: (...file) =>
        createHash('sha256')
          .update(inner.getCacheKey(...file))
          .update(OWN_TEXT)
          .digest('hex'),
    };
  },
};
