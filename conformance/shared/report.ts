/** Where a command writes to. */
export interface Output {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** What became of one thing that was checked. */
export interface Verdict {
  /** What was checked, on one line. */
  readonly what: string;
  /** What was found of it, such as the number of leaves. */
  readonly found: string;
  /** Why it failed; none for what passed. */
  readonly problems: readonly string[];
  /** What a reader should know of what passed. */
  readonly notes?: readonly string[];
}

/** Counts verdicts, and says what was left out: nothing is skipped silently. */
export interface Report {
  add(verdict: Verdict): void;
  /** Something that the user allowed to be left out: neither passed nor failed, but listed at the end. */
  omit(what: string): void;
  /** Writes what was omitted and "N passed, N failed". Returns the exit code: 1 when anything failed, or when nothing was checked. */
  finish(): number;
}

const indented = (sign: string, text: string): string =>
  `       ${sign} ${text.trim().replaceAll('\n', '\n         ')}\n`;

/** A report that writes each verdict as it comes. */
export function reportTo({ stdout }: Output): Report {
  const omitted: string[] = [];
  let passed = 0;
  let failed = 0;
  return {
    add({ what, found, problems, notes = [] }) {
      if (problems.length === 0) passed += 1;
      else failed += 1;
      stdout(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${what}${found === '' ? '' : `: ${found}`}\n`);
      for (const problem of problems) stdout(indented('-', problem));
      for (const note of notes) stdout(indented('note:', note));
    },
    omit: (what) => void omitted.push(what),
    finish() {
      if (omitted.length > 0)
        stdout(`Not checked (${omitted.length}):\n${omitted.map((what) => `  ${what}\n`).join('')}`);
      if (passed + failed === 0) stdout('Nothing was checked, which proves nothing.\n');
      stdout(`${passed} passed, ${failed} failed\n`);
      return failed > 0 || passed === 0 ? 1 : 0;
    },
  };
}
