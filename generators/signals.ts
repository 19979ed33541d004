let interruption: AbortController | undefined;

/** The first Ctrl-C requests a clean exit; npm passes it on, so there may be a second one at once. */
export function interrupted(repeated: 'exit' | 'nothing'): AbortSignal {
  if (interruption === undefined) {
    const controller = new AbortController();
    interruption = controller;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (!controller.signal.aborted) controller.abort(signal);
        // Unlike a signal, an exit also ends child processes.
        else if (repeated === 'exit') process.exit(1);
      });
    }
  }
  return interruption.signal;
}
