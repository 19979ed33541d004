import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DashboardJson } from '../app/model/dashboard-json.ts';
import type { State } from '../app/model/state.ts';
import { addressOf, isPage } from './address.ts';
import type { Assets } from './assets.ts';
import type { Events } from './events.ts';
import { indexHtml } from './html.ts';
import type { Proxy } from './proxy.ts';
import { reply, replyJson, replyText } from './replies.ts';

/** What the routes answer from. */
export interface Sources {
  readonly state: () => State;
  readonly dashboard: (uid: string) => DashboardJson | undefined;
  readonly assets: Assets;
  readonly events: Events;
  readonly proxy: Proxy;
}

/** Answers a request whose host and method have been checked. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The HTTP interface of the preview, without its guard. */
export function createRoutes({ state, dashboard, assets, events, proxy }: Sources): Handler {
  const sendAsset = async (response: ServerResponse, path: string): Promise<void> => {
    const asset = await assets.read(path);
    if (asset === undefined) return replyText(response, 404, `${path} is not part of the preview`);
    reply(response, 200, asset.type, asset.body);
  };

  const sendDashboard = (response: ServerResponse, uid: string): void => {
    const found = dashboard(uid);
    if (found !== undefined) return replyJson(response, 200, found);
    const known = state().dashboards.map((each) => each.uid);
    const error = `there is no dashboard with uid "${uid}"; there are: ${known.join(', ') || 'none'}`;
    replyJson(response, 404, { error });
  };

  const api = (request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): void => {
    if (path === '/api/state') return replyJson(response, 200, state());
    if (path === '/api/events') return events.connect(request, response, query.get('since'));
    const [, uid] = /^\/api\/dashboards\/([^/]+)$/.exec(path) ?? [];
    if (uid !== undefined) return sendDashboard(response, uid);
    replyJson(response, 404, { error: `${path} is not served` });
  };

  return async (request, response) => {
    const { path, search, query } = addressOf(request);
    if (path === undefined) return replyText(response, 400, 'the address has a percent sign that stands for nothing');
    if (path.startsWith('/prometheus/'))
      return proxy.handle(request, response, path.slice('/prometheus'.length), search);
    if (request.method !== 'GET') return replyText(response, 405, 'only GET is answered here', { allow: 'GET' });
    if (path.startsWith('/api/')) return api(request, response, path, query);
    if (path.startsWith('/assets/')) return sendAsset(response, path.slice('/assets/'.length));
    // Where @grafana/ui looks for its icons.
    if (path.startsWith('/public/')) return sendAsset(response, path.slice(1));
    if (isPage(path)) {
      return reply(response, 200, 'text/html; charset=utf-8', indexHtml(query.get('theme'), assets.has('main.css')));
    }
    replyText(response, 404, `${path} is not served; dashboards are under /d/`);
  };
}
