import { createTheme, EventBusSrv, type GrafanaTheme2, ThemeContext } from '@grafana/data';
import { GlobalStyles, type PanelContext, PanelContextProvider, PortalContainer } from '@grafana/ui';
import { type ReactNode, useEffect } from 'react';

/** Both themes, made once. */
const THEMES = { dark: createTheme({ colors: { mode: 'dark' } }), light: createTheme({ colors: { mode: 'light' } }) };

/** The theme of a name. */
export const themeOf = (name: 'dark' | 'light'): GrafanaTheme2 => THEMES[name];

const PANELS: PanelContext = { eventBus: new EventBusSrv(), eventsScope: 'preview' };

/** Colours of the page's own elements, for style.css. */
const variables = ({ colors, typography }: GrafanaTheme2): Readonly<Record<string, string>> => ({
  '--canvas': colors.background.canvas,
  '--raised': colors.background.primary,
  '--border': colors.border.weak,
  '--text': colors.text.primary,
  '--faint': colors.text.secondary,
  '--link': colors.text.link,
  '--error': colors.error.text,
  '--critical': colors.error.text,
  '--warning': colors.warning.text,
  '--font': typography.fontFamily,
});

/** What Grafana's components read from around them, for all of the page. */
export function Themed({ name, children }: { readonly name: 'dark' | 'light'; readonly children: ReactNode }) {
  const theme = themeOf(name);
  useEffect(() => {
    const root = document.documentElement;
    root.className = document.body.className = `theme-${name}`;
    for (const [variable, value] of Object.entries(variables(theme))) root.style.setProperty(variable, value);
  }, [name, theme]);
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PanelContextProvider value={PANELS}>{children}</PanelContextProvider>
      <PortalContainer />
    </ThemeContext.Provider>
  );
}
