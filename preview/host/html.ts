import { createHash } from 'node:crypto';

/** Where @grafana/ui looks for its icons: below `build/img/icons` of it. */
const PUBLIC_PATH_SCRIPT = "window.__grafana_public_path__='/public/'";

const scriptHash = createHash('sha256').update(PUBLIC_PATH_SCRIPT).digest('base64');

/**
 * What the page may load: itself, and nothing from any other origin. @grafana/ui writes its styles at run time, and draws some
 * images from data URLs.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${scriptHash}'`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Grafana's canvas, so that the page does not flash in the other theme before its styles are there. */
const CANVAS = { dark: '#111217', light: '#f4f5f5' } as const;

/**
 * The page of the app, in the background of the theme that the address asks for (dark, unless light). `hasStyles`: the app has a style
 * sheet beside its script.
 */
export function indexHtml(theme: string | null, hasStyles: boolean): string {
  const name = theme === 'light' ? 'light' : 'dark';
  const styles = hasStyles ? '\n    <link rel="stylesheet" href="/assets/main.css">' : '';
  return `<!doctype html>
<html lang="en" style="color-scheme: ${name}; background: ${CANVAS[name]}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Azimuth preview</title>
    <link rel="icon" href="data:,">${styles}
    <script>${PUBLIC_PATH_SCRIPT}</script>
    <script type="module" src="/assets/main.js"></script>
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`;
}
