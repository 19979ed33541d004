import { join } from 'node:path';
import { temporaryFolder } from '../../bench/process/temporary.ts';
import { findChromium } from './chromium.ts';
import { loadPlaywright, type Context, type Page, type Size } from './playwright.ts';

/** A running browser. */
export interface Browser {
  newPage(): Promise<Page>;
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever the browser itself would like to ask: only this machine has an address.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  // The same pixels on every machine that has the same fonts.
  '--font-render-hinting=none',
  '--disable-lcd-text',
  // Corners drawn over what was there before come out otherwise, by chance.
  '--disable-partial-raster',
  '--disable-skia-runtime-opts',
  '--force-color-profile=srgb',
  '--hide-scrollbars',
];

/** How pages tell what the Content-Security-Policy kept them from: such requests are not even made. */
export const VIOLATIONS = '__azimuthViolations';
const RECORD_VIOLATIONS = `
  window.${VIOLATIONS} = [];
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
    window.${VIOLATIONS}.push({ blocked: blockedURI, directive: effectiveDirective });
  });`;

/** The first lines of what went wrong; the rest is the browser's whole command line. */
function startFailure(program: string, error: unknown): Error {
  const text = String((error as { message?: unknown }).message ?? error);
  return new Error(`${program} does not start: ${text.split('\n').slice(0, 2).join(' ')}`, { cause: error });
}

/**
 * Starts the system's Chromium, unseen, with a new profile that is removed afterwards. It ends with this process, whatever ends that.
 * Throws an Error that says what to do when there is none, or it does not start.
 */
export async function startBrowser(root: string, viewport: Size): Promise<Browser> {
  const executablePath = findChromium(process.env);
  const { chromium } = loadPlaywright(root);
  // The browser itself ends with its pipe to this process.
  const folder = await temporaryFolder('chromium');

  let context: Context;
  try {
    context = await chromium.launchPersistentContext(join(folder.path, 'profile'), {
      executablePath,
      artifactsDir: join(folder.path, 'artifacts'),
      headless: true,
      args: ARGS,
      viewport,
      deviceScaleFactor: 1,
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
      locale: 'en-US',
      // Signals are the command's to handle: Playwright would end the whole process.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    await context.addInitScript({ content: RECORD_VIOLATIONS });
  } catch (error) {
    await folder.remove();
    throw startFailure(executablePath, error);
  }
  let closing: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await context.close();
    await folder.remove();
  };
  return {
    newPage: () => context.newPage(),
    // Whoever asks a second time waits for the first.
    close: () => (closing ??= end()),
  };
}
