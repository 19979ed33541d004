import type { DashboardChanges } from './compare-dashboards.ts';
import { COMPARE_SCRIPT, COMPARE_STYLES } from './compare-style.ts';

/** A picture as a data URL; undefined when that side has none. */
export type PictureUrl = (side: Side, uid: string, theme: Theme) => string | undefined;

/** Before or after the change. */
export type Side = 'before' | 'after';

/** A theme of Grafana. */
export type Theme = 'dark' | 'light';

/** What a comparison is drawn from. */
export interface Comparison {
  readonly changes: readonly DashboardChanges[];
  /** What the two sides are called, such as a revision and `working tree`. */
  readonly labels: Readonly<Record<Side, string>>;
  readonly themes: readonly Theme[];
  readonly picture: PictureUrl;
}

// Nothing is loaded: pictures, styles and script are in the page.
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
const code = (names: readonly string[]): string => names.map((name) => `<code>${escape(name)}</code>`).join(', ');

function changeList({ state, parts, panels }: DashboardChanges): string {
  if (state !== 'changed') return '';
  const items = [
    ...panels.added.map((title) => `<li><b class="added">added</b> ${escape(title)}</li>`),
    ...panels.removed.map((title) => `<li><b class="removed">removed</b> ${escape(title)}</li>`),
    ...panels.changed.map(
      (each) => `<li><b class="changed">changed</b> ${escape(each.title)}: ${code(each.parts)}</li>`,
    ),
    ...panels.moved.map((title) => `<li><b>moved</b> ${escape(title)}</li>`),
    ...(parts.length === 0 ? [] : [`<li><b class="changed">changed</b> the dashboard's ${code(parts)}</li>`]),
  ];
  return `<ul>${items.join('')}</ul>`;
}

function pictures({ labels, themes, picture }: Comparison, { uid, title }: DashboardChanges): string {
  return themes
    .map((theme) => {
      const [before, after] = [picture('before', uid, theme), picture('after', uid, theme)];
      const figure = (side: Side, url: string | undefined): string =>
        url === undefined
          ? ''
          : `<figure class="${side}"><figcaption>${escape(labels[side])}</figcaption><img alt="${escape(`${title}, ${labels[side]}`)}" src="${url}"></figure>`;
      const isPair = before !== undefined && after !== undefined;
      const note = isPair && before === after ? '<p class="note">The pictures are the same, to the pixel.</p>' : '';
      const slider = isPair
        ? `<input type="range" min="0" max="100" value="50" aria-label="${escape(`${labels.before} to the left, ${labels.after} to the right`)}">`
        : '';
      const figures = figure('before', before) + figure('after', after);
      return `<div class="pictures ${theme}${isPair ? ' pair' : ''}">${note}${slider}<div class="figures">${figures}</div></div>`;
    })
    .join('\n');
}

function section(comparison: Comparison, dashboard: DashboardChanges): string {
  const { title, state } = dashboard;
  // What has not changed is there for completeness; a page of changes is to be read.
  const open = state === 'unchanged' ? '' : ' open';
  return `<details${open}><summary><h2>${escape(title)}</h2> <b class="${state}">${state}</b></summary>
${changeList(dashboard)}
${pictures(comparison, dashboard)}
</details>`;
}

function choice(name: string, value: string, label: string, isFirst: boolean): string {
  const checked = isFirst ? ' checked' : '';
  return `<label><input type="radio" name="${name}" value="${value}"${checked}> ${label}</label>`;
}

/** The comparison as one HTML page that loads nothing. */
export function compareHtml(comparison: Comparison): string {
  const { changes, labels, themes } = comparison;
  const counts = ['changed', 'added', 'removed', 'unchanged'].flatMap((state) => {
    const number = changes.filter((each) => each.state === state).length;
    return number === 0 ? [] : [`${number} ${state}`];
  });
  const heading = `${escape(labels.before)} → ${escape(labels.after)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Dashboards: ${heading}</title>
<style>${COMPARE_STYLES}</style>
</head>
<body>
<header>
<h1>Dashboards: ${heading}</h1>
<p>${counts.join(', ') || 'no dashboards'}</p>
<fieldset><legend>Theme</legend>${themes.map((theme, index) => choice('theme', theme, theme, index === 0)).join('')}</fieldset>
<fieldset><legend>View</legend>${choice('view', 'beside', 'side by side', true)}${choice('view', 'slider', 'slider', false)}</fieldset>
</header>
<main>
${changes.map((dashboard) => section(comparison, dashboard)).join('\n')}
</main>
<script>${COMPARE_SCRIPT}</script>
</body>
</html>
`;
}
