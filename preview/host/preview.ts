import type { State } from '../app/model/state.ts';
import { listAssets } from './assets.ts';
import { createContentStore, type Content } from './content.ts';
import { createEvents } from './events.ts';
import { pageFolder } from './page.ts';
import { createProxy } from './proxy.ts';
import { previewRoot } from './root.ts';
import { createRoutes } from './routes.ts';
import { startServer } from './server.ts';
import { parseUpstream } from '../../generators/index.ts';

/** What is previewed, and where. */
export interface PreviewOptions {
  readonly content: Content;
  /** Where data comes from: its URL, which may have a path prefix, user and password; and the seconds between two scrapes. */
  readonly prometheus: { readonly url: string; readonly scrapeInterval: number };
  /** Port on 127.0.0.1; 0 is any free one. */
  readonly port: number;
  /** A fixed clock in Unix milliseconds; the browser's own by default. */
  readonly now?: number;
  readonly story?: State['story'];
  /** The folder of the preview's sources and packages; found by default. */
  readonly root?: string;
  /** Told what takes a while: installing, building. */
  log(text: string): void;
}

/** A running preview. */
export interface Preview {
  /** Such as `http://127.0.0.1:19000`, without a trailing slash. */
  readonly url: string;
  /** Shows other content; open pages load it when it differs. */
  update(content: Content): void;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/**
 * Serves the preview, after installing its packages and building its app where that has not been done. Rejects with an Error that says
 * what to do when the port is taken, the address of Prometheus is none, or installing or building fails.
 */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const { prometheus, port, now = null, story = [], root = previewRoot() } = options;
  const log = (text: string): void => options.log(text);
  const upstream = parseUpstream(prometheus.url);
  const content = createContentStore(options.content);
  // First, so that a taken port is told before anything that takes long.
  const server = await startServer(port);
  try {
    const page = await pageFolder(root, log);
    const events = createEvents(() => content.revision);
    const proxy = createProxy(upstream);
    const state = (): State => ({
      revision: content.revision,
      dashboards: content.summaries(),
      problems: content.problems,
      // Without the password: this goes to the page.
      prometheus: { url: upstream.shown, scrapeInterval: prometheus.scrapeInterval },
      now,
      story,
    });
    server.serve(
      createRoutes({ state, dashboard: (uid) => content.find(uid), assets: await listAssets(page), events, proxy }),
    );
    return {
      url: server.url,
      update(next) {
        if (content.replace(next)) events.change(content.revision);
      },
      async close() {
        events.close();
        await server.close();
        proxy.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}
