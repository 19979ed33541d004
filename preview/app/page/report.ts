import type { PageProblem, PageState, PanelReport } from '../model/page-state.ts';
import { findCutOff } from './cut-off.ts';

declare global {
  interface Window {
    /** What the page tells whoever drives it. */
    azimuthPreview?: PageState;
  }
}

/** What is known of the page so far; it becomes `window.azimuthPreview`. */
class PageReport {
  #uid = '';
  #revision = 0;
  #expected: readonly number[] | undefined;
  #problems: readonly PageProblem[] = [];
  readonly #panels = new Map<number, PanelReport>();

  /** Another dashboard, another revision of it, or other rows open: the panels that are on the page now. */
  expect(uid: string, revision: number, panels: readonly number[], problems: readonly PageProblem[]): void {
    // Panels of another dashboard, or of what it was before, have nothing to say of this one.
    if (uid !== this.#uid || revision !== this.#revision) this.#panels.clear();
    this.#uid = uid;
    this.#revision = revision;
    this.#expected = panels;
    this.#problems = problems;
    this.#publish();
  }

  /** Nothing can be drawn, for these reasons. */
  fail(uid: string, revision: number, problems: readonly PageProblem[]): void {
    this.expect(uid, revision, [], problems);
  }

  /** Something else is to be shown, and it is not known yet which panels that makes. */
  wait(): void {
    this.#expected = undefined;
    this.#publish();
  }

  /** What became of a panel. */
  set(panel: PanelReport): void {
    this.#panels.set(panel.id, panel);
    this.#publish();
  }

  #publish(): void {
    const expected = this.#expected;
    const panels = (expected ?? []).flatMap((id) => this.#panels.get(id) ?? []);
    const isSettled =
      expected !== undefined && panels.length === expected.length && panels.every(({ state }) => state !== 'loading');
    window.azimuthPreview = {
      uid: this.#uid,
      revision: this.#revision,
      settled: isSettled,
      problems: this.#problems,
      panels,
      cutOff: findCutOff,
    };
  }
}

/** The one report of the page. */
export const pageReport = new PageReport();
