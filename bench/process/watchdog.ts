import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** Cleans up behind this process, whatever ends it: after SIGKILL, nothing in here runs any more. */

/**
 * Reads what is there, and what is gone, until its input ends, which the system sees to when this process has ended. Then it ends the
 * processes and removes the folders that are left. A shell, as that starts in a millisecond and is on Linux and macOS.
 */
const SCRIPT = `
pids=
while IFS= read -r line; do
  case $line in
    'process '*) pids="$pids \${line#process } " ;;
    'ended '*) id=\${line#ended }; case $pids in *" $id "*) pids="\${pids%% $id *} \${pids#* $id }" ;; esac ;;
    'folder '*) set -- "$@" "\${line#folder }" ;;
    done) exit 0 ;;
  esac
done
for id in $pids; do kill -9 "$id" 2>/dev/null; done
# Programs that end by themselves at the same time, such as browsers, may still write.
for wait in 0 0.2 0.5 1 2; do
  sleep $wait
  for folder in "$@"; do rm -rf -- "$folder"; done
done`;

/** Process ids and folders that are to go with this process. */
const guarded = new Set<number | string>();

let watchdog: Writable | undefined;

function start(): Writable {
  // A session of its own: Ctrl-C and a closed terminal are for this process.
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'azimuth-watchdog'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell, and where someone ends it, only the listeners of "exit" clean up.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as Writable & { unref?: () => void }).unref?.();
  return child.stdin;
}

function tell(line: string): void {
  watchdog ??= start();
  watchdog.write(`${line}\n`);
}

function release(what: number | string): void {
  if (!guarded.delete(what) || guarded.size > 0) return;
  watchdog?.end('done\n');
  watchdog = undefined;
}

/** Ends a process when this one has ended, whatever ended it. Returns how to let go of it. */
export function guardProcess(pid: number): () => void {
  guarded.add(pid);
  tell(`process ${pid}`);
  return () => {
    if (!guarded.has(pid)) return;
    tell(`ended ${pid}`);
    release(pid);
  };
}

/**
 * Removes a folder when this process has ended, after the guarded processes. Returns how to let go of it, once it is removed.
 * @throws RangeError if the path has a line break.
 */
export function guardFolder(path: string): () => void {
  if (path.includes('\n')) throw new RangeError(`got a folder with a line break: ${JSON.stringify(path)}`);
  guarded.add(path);
  tell(`folder ${path}`);
  return () => release(path);
}
