import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../schema/problems.ts';
import { redactText } from '../schema/urls.ts';

/** Where in the sources an error was thrown. Reads the source maps of the bundle only then, as Node would read them at every start. */

/** One call on the stack. */
interface Frame {
  /** Name of the function; empty for the module itself. */
  readonly name: string;
  /** Path of the source: of ours, relative to the repository. */
  readonly file: string;
  /** From 1; undefined if unknown. */
  readonly line: number | undefined;
  /** Whether it belongs to a bundle of ours. */
  readonly isBundled: boolean;
}

const FRAME = /^\s+at (?:async )?(?:(.*) \()?((?:file:|data:|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/;

/** The source map beside a file; undefined if there is none. */
function mapBeside(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return undefined;
  }
}

/** A place in generated code: line and column from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** The original place; undefined where the map has none. */
function originOf(
  map: SourceMap,
  { line, column }: Place,
): { readonly source: string; readonly line: number } | undefined {
  const found = map.findEntry(line - 1, column - 1);
  return 'originalSource' in found ? { source: found.originalSource, line: found.originalLine + 1 } : undefined;
}

/** How much code identifies a call. */
const EXCERPT = 60;

/**
 * tsx runs TypeScript outside of modules from a data: URL, without a source map: the line is found by the code around the place, in the same
 * translation with a map.
 */
async function inDataUrl(url: string, { line, column }: Place): Promise<Omit<Frame, 'name' | 'isBundled'> | undefined> {
  const [, code = '', path = ''] = /^data:text\/javascript,(.*)\?filePath=(.*)$/s.exec(url) ?? [];
  const file = decodeURIComponent(path).replace(/\?.*$/s, '');
  if (file === '') return undefined;
  const text = decodeURIComponent(code).split('\n')[line - 1] ?? '';
  const excerpt = text.slice(column - 1, column - 1 + EXCERPT);
  // How often the excerpt occurs before.
  const before = text.slice(0, column - 1 + excerpt.length - 1).split(excerpt).length - 1;
  try {
    const { transform } = await import('esbuild');
    const translated = await transform(readFileSync(file, 'utf8'), {
      sourcefile: file,
      loader: 'ts',
      format: 'cjs',
      platform: 'node',
      keepNames: true,
      minifyWhitespace: true,
      sourcemap: 'external',
      target: 'node20',
    });
    const upTo = translated.code
      .split(excerpt)
      .slice(0, before + 1)
      .join(excerpt)
      .split('\n');
    if (excerpt === '' || upTo.join('\n').length === translated.code.length) return { file, line: undefined };
    const map = new SourceMap(JSON.parse(translated.map) as SourceMapPayload);
    return { file, line: originOf(map, { line: upTo.length, column: (upTo.at(-1) ?? '').length + 1 })?.line };
  } catch {
    return { file, line: undefined };
  }
}

/** A line of a stack; undefined for calls inside of Node. */
async function frameOf(text: string): Promise<Frame | undefined> {
  const [, name = '', url = '', line = '', column = ''] = FRAME.exec(text) ?? [];
  if (url === '') return undefined;
  const place = { line: Number(line), column: Number(column) };
  if (url.startsWith('data:')) {
    const found = await inDataUrl(url, place);
    return found === undefined ? undefined : { name, isBundled: false, ...found };
  }
  const file = (url.startsWith('file:') ? fileURLToPath(url) : url).replace(/\?.*$/, '');
  const map = mapBeside(file);
  if (map === undefined) return { name, file, line: place.line, isBundled: false };
  const origin = originOf(map, place);
  // Sources are relative to the bundle, which lies below the repository.
  return { name, file: origin?.source.replace(/^(?:\.\.\/)+/, '') ?? file, line: origin?.line, isBundled: true };
}

/** So many lines of a stack are looked at. */
const MAX_FRAMES = 20;

/** The calls on the stack of a thrown value, innermost first. */
async function framesOf(thrown: unknown): Promise<readonly Frame[]> {
  const { stack } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as { readonly stack?: unknown };
  const lines = typeof stack === 'string' ? stack.split('\n').filter((line) => /^\s+at /.test(line)) : [];
  const frames: Frame[] = [];
  for (const line of lines.slice(0, MAX_FRAMES)) {
    const frame = await frameOf(line);
    if (frame !== undefined) frames.push(frame);
  }
  return frames;
}

const MAX_MESSAGE = 240;

/** The first line of what was thrown, and of its causes. Secrets of URLs are left out. */
export function sentenceOf(thrown: unknown): string {
  const causes = [causeOf(thrown), causeOf(causeOf(thrown))].filter((cause) => cause !== undefined);
  const sentences = [thrown, ...causes].map((each) => {
    const [line = ''] = redactText(messageOf(each)).split('\n');
    return line.slice(0, MAX_MESSAGE);
  });
  return sentences.join('; caused by: ');
}

const causeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'cause' in thrown ? thrown.cause : undefined;

/** A place, relative to a folder where it is below that. */
function shown({ file, line, isBundled }: Frame, cwd: string): string {
  const below = isBundled ? file : relative(cwd, file);
  return `${below.startsWith('..') ? file : below}${line === undefined ? '' : `:${line}`}`;
}

/** Whether a frame is in code of a user: not in ours, and not in a package. */
const isOfUser = ({ file, isBundled }: Frame, isOurs: (file: string) => boolean): boolean =>
  !isBundled && !/[\\/]node_modules[\\/]/.test(file) && !isOurs(file);

/** Where in the code of a user something was thrown, such as `azimuth.config.ts:3`; undefined if it was not. */
export async function userPlace(thrown: unknown, cwd: string): Promise<string | undefined> {
  const frames = await framesOf(thrown);
  const found = frames.find((frame) => isOfUser(frame, () => false));
  return found === undefined ? undefined : shown(found, cwd);
}

/** A report has so many lines. */
const MAX_LINES = 10;

/**
 * What to print for a thrown value that nothing caught: a bug, with the calls in the sources that led to it, or a mistake in code of the
 * user, such as a configuration in TypeScript, with its place. Never code, and at most ten lines.
 * @param isOurs whether a file outside of bundles is a source of ours.
 */
export async function uncaughtReport(
  thrown: unknown,
  { cwd, isOurs }: { readonly cwd: string; readonly isOurs: (file: string) => boolean },
): Promise<string> {
  const frames = await framesOf(thrown);
  const innermost = frames.find(({ file, isBundled }) => isBundled || !/[\\/]node_modules[\\/]/.test(file));
  if (innermost !== undefined && isOfUser(innermost, isOurs)) {
    return `azimuth: ${shown(innermost, cwd)}: ${sentenceOf(thrown)}\n`;
  }
  const name = thrown instanceof Error ? thrown.name : 'thrown';
  const lines = [
    'azimuth: this is a bug of Azimuth, please report it',
    `${name}: ${sentenceOf(thrown)}`,
    ...frames.map((frame) => `    at ${frame.name === '' ? '' : `${frame.name} `}(${shown(frame, cwd)})`),
  ];
  return `${lines.slice(0, MAX_LINES).join('\n')}\n`;
}
