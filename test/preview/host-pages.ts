/** An app whose page behaves as its dashboard's uid says. */
export const PAGES = `
  const uid = location.pathname.split('/')[2];
  const theme = new URLSearchParams(location.search).get('theme');
  const panel = (state: string, message = '') => ({ id: 1, title: 'Traffic', type: 'stat', state, message });
  const state = {
    uid, revision: 1, settled: false, problems: [] as unknown[], panels: [panel('drawn')], cutOff: () => [] as unknown[],
  };
  const root = document.querySelector('#root') as HTMLElement;
  root.textContent = uid + ' ' + theme;
  const settle = () => (state.settled = true);
  const pages: Record<string, () => unknown> = {
    clean: () => setTimeout(settle, 200),
    quiet: () => { state.panels = [panel('quiet')]; settle(); },
    tall: () => { root.style.height = '3000px'; root.style.background = 'linear-gradient(red, blue)'; settle(); },
    moving: () => {
      // Drawn only where it can be seen, and not before then.
      root.style.height = '2500px';
      const end = root.appendChild(document.createElement('b'));
      end.style.cssText = 'position: absolute; top: 2400px';
      settle();
      new IntersectionObserver(([entry]) => {
        if (!entry?.isIntersecting || end.textContent) return;
        state.settled = false;
        setTimeout(() => { end.textContent = 'END'; settle(); }, 300);
      }).observe(end);
      state.cutOff = () => (end.textContent ? [] : [{ panel: 'Traffic', text: 'not drawn yet' }]);
    },
    empty: () => { state.panels = [panel('empty')]; settle(); },
    failed: () => { state.panels = [panel('failed', 'query A: parse error')]; fetch('/prometheus/api/v1/query').then(settle); },
    variable: () => fetch('/prometheus/api/v1/labels').then(settle),
    unknown: () => {
      state.problems = [{ panel: 'Traffic', message: 'unknown transformation "sortby"' }, { panel: null, message: 'odd' }];
      settle();
    },
    cut: () => { state.cutOff = () => [{ panel: 'Traffic', text: 'A long title' }]; settle(); },
    broken: () => { state.cutOff = () => { throw new Error('no canvas'); }; settle(); },
    external: () => {
      fetch('http://example.invalid/collect?a=b').catch(() => {});
      root.append(Object.assign(new Image(), { src: 'https://example.invalid/logo.png' }));
      root.append(Object.assign(new Image(), { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=' }));
      setTimeout(settle, 200);
    },
    inline: () => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      setTimeout(settle, 100);
    },
    throwing: () => { setTimeout(() => { throw new Error('boom'); }); console.error('React says\\nmore'); setTimeout(settle, 100); },
    missing: () => fetch('/public/build/img/icons/unicons/none.svg').then(settle),
    loading: () => { state.panels = [panel('loading'), panel('drawn')]; },
    other: () => { state.uid = 'home'; settle(); },
  };
  if (uid !== 'silent') Object.assign(window, { azimuthPreview: state });
  pages[uid ?? '']?.();`;
