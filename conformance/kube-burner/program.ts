import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runTool } from '../../bench/process/tools.ts';
import { CannotRun, type Ran } from '../shared/program.ts';

/** A program over kube-burner's own code. */
export interface Checker {
  /** The module that it was built from, such as `github.com/kube-burner/kube-burner/v2`. */
  readonly module: string;
  /** Reads a configuration in a folder as kube-burner would. */
  readonly check: (folder: string, file: string) => Promise<Ran>;
}

/** The name of the module in a folder. @throws CannotRun if that is not kube-burner. */
export function moduleIn(source: string): string {
  let text = '';
  try {
    text = readFileSync(join(source, 'go.mod'), 'utf8');
  } catch {
    // No go.mod is no kube-burner either.
  }
  const [, module = ''] = /^module (\S+)$/m.exec(text) ?? [];
  if (/^github\.com\/kube-burner\/kube-burner(\/v[0-9]+)?$/.test(module)) return module;
  throw new CannotRun(
    `--source: got ${JSON.stringify(source)}, expected a folder with kube-burner's source (git clone --branch v2.7.3 https://github.com/kube-burner/kube-burner)`,
  );
}

/** The program's source for a module. Version 2 of the function that makes measurements takes one argument more. */
export const programFor = (module: string): string =>
  readFileSync(join(import.meta.dirname, 'check.go'), 'utf8')
    .replaceAll('"MODULE/', `"${module}/`)
    .replace('nil /*MORE*/', module.endsWith('/kube-burner') ? 'nil' : 'nil, ""');

/**
 * Builds the program inside kube-burner's own module, whose go.mod decides the versions of what it imports. Nothing is written to the source: Go
 * reads the program from an overlay.
 * @throws CannotRun if go is missing or fails.
 */
export async function buildChecker(source: string, folder: string): Promise<Checker> {
  const module = moduleIn(source);
  const [program, overlay, binary] = ['check.go', 'overlay.json', 'check'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(program, programFor(module));
  const place = join(resolve(source), 'cmd', 'azimuth-check', 'main.go');
  await writeFile(overlay, JSON.stringify({ Replace: { [place]: program } }));
  const { code, stderr } = await runTool('go', ['build', '-overlay', overlay, '-o', binary, './cmd/azimuth-check'], {
    cwd: source,
  });
  if (code !== 0) throw new CannotRun(`go build: ${stderr.trim().split('\n').slice(-3).join('\n')}`);
  return { module, check: (cwd, file) => runTool(binary, [file], { cwd }) };
}
