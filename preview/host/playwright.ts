import { requireFrom } from './root.ts';

/**
 * The few faces of playwright-core that the preview uses. Its own types are not there before the preview's packages are installed, and
 * the rest of the project is to compile without them.
 */
export interface Page {
  goto(url: string, options: { readonly timeout: number; readonly waitUntil: 'commit' }): Promise<unknown>;
  /** Evaluates an expression in the page, and its promise. As text: a bundler adds calls to functions, which the page does not know. */
  evaluate(expression: string): Promise<unknown>;
  setViewportSize(size: Size): Promise<void>;
  screenshot(options: ScreenshotOptions): Promise<Buffer>;
  on(event: 'console', listener: (message: ConsoleMessage) => void): unknown;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  on(event: 'crash', listener: () => void): unknown;
  on(event: 'request', listener: (request: Request) => void): unknown;
  on(event: 'response', listener: (response: Response) => void): unknown;
  /** So too when the browser has ended. */
  isClosed(): boolean;
  close(): Promise<void>;
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How a picture is taken. */
export interface ScreenshotOptions {
  readonly fullPage: boolean;
  readonly type: 'png';
  readonly animations: 'disabled';
  readonly caret: 'hide';
  readonly scale: 'css';
}

/** What a page wrote to its console. */
export interface ConsoleMessage {
  type(): string;
  text(): string;
}

/** What a page asked for. */
export interface Request {
  url(): string;
}

/** What a page was answered. */
export interface Response {
  url(): string;
  status(): number;
}

/** A running browser with one profile. */
export interface Context {
  newPage(): Promise<Page>;
  /** Runs in every page before its own scripts. */
  addInitScript(script: { readonly content: string }): Promise<unknown>;
  close(): Promise<void>;
}

/** How a browser is started; see playwright's `launchPersistentContext`. */
export interface LaunchOptions {
  readonly executablePath: string;
  /** Where Playwright keeps its own temporary files. */
  readonly artifactsDir: string;
  readonly headless: boolean;
  readonly args: readonly string[];
  readonly viewport: Size;
  readonly deviceScaleFactor: number;
  readonly reducedMotion: 'reduce';
  readonly timezoneId: string;
  readonly locale: string;
  readonly handleSIGINT: boolean;
  readonly handleSIGTERM: boolean;
  readonly handleSIGHUP: boolean;
}

/** The library. */
export interface Playwright {
  readonly chromium: { launchPersistentContext(profile: string, options: LaunchOptions): Promise<Context> };
}

/** Loads the library from the preview's packages. Throws an Error that says what to run when they are not installed. */
export function loadPlaywright(root: string): Playwright {
  return requireFrom(root, 'playwright-core') as Playwright;
}
