/** The look of a comparison. Its choices are radio buttons, so that it needs no script but for the slider. */
export const COMPARE_STYLES = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; }
header { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 4px 24px; align-items: baseline; padding: 8px 16px;
  background: Canvas; border-bottom: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
h1 { font-size: 17px; margin: 0; } h2 { display: inline; font-size: 17px; } header p { margin: 0; }
fieldset { display: flex; gap: 12px; border: 0; margin: 0; padding: 0; } legend { float: left; margin-right: 12px; opacity: .7; }
main { padding: 0 16px 48px; } details { margin-top: 20px; } summary { cursor: pointer; } ul { margin: 8px 0; padding-left: 20px; }
b { font-weight: 600; } .added { color: light-dark(#1a7f37, #56d364); } .removed { color: light-dark(#cf222e, #ff7b72); }
.changed { color: light-dark(#9a6700, #e3b341); } .unchanged, .note { opacity: .7; }
.pictures { margin: 12px 0; } .figures { display: grid; gap: 12px; align-items: start; } .pair .figures { grid-template-columns: 1fr 1fr; }
figure { margin: 0; } img { display: block; width: 100%; } input[type=range] { display: none; width: 100%; margin: 0 0 8px; }
body:has([value=dark]:checked) .pictures.light, body:has([value=light]:checked) .pictures.dark { display: none; }
body:has([value=slider]:checked) {
  .pair input[type=range] { display: block; }
  .pair .figures { display: grid; grid-template-columns: 1fr; }
  .pair figure { grid-area: 1 / 1; }
  .pair figure.after { clip-path: inset(0 0 0 var(--at, 50%)); }
  .pair figure.after figcaption { text-align: right; }
}`;

/** Moves the edge between the two pictures. */
export const COMPARE_SCRIPT = `
for (const range of document.querySelectorAll('input[type=range]')) {
  range.addEventListener('input', () => range.parentElement.style.setProperty('--at', range.value + '%'));
}
`;
