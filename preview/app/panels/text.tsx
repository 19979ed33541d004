import { renderTextPanelMarkdown, textUtil } from '@grafana/data';
import { TextMode } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import { optionsOf } from './defaults.ts';
import type { PanelComponent } from './panel-props.ts';

/** A text in Markdown, HTML (without scripts) or as code. */
export const Text: PanelComponent = ({ panel, height, fill }) => {
  const { content, mode } = optionsOf('text', panel.options);
  const text = fill(content);
  if (mode === TextMode.Code) return <pre style={{ height, overflow: 'auto', margin: 0 }}>{text}</pre>;
  const html = mode === TextMode.HTML ? textUtil.sanitize(text) : renderTextPanelMarkdown(text);
  return (
    <div className="markdown-html" style={{ height, overflow: 'auto' }} dangerouslySetInnerHTML={{ __html: html }} />
  );
};
