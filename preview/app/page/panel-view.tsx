import { type DataFrame, FieldType, type GrafanaTheme2, LoadingState, type TimeRange } from '@grafana/data';
import { PanelChrome } from '@grafana/ui';
import { memo, useEffect, useState } from 'react';
import { fillText, type LoadContext, loadMarks, loadPanel, type Mark } from '../data/load.ts';
import type { PanelJson } from '../model/dashboard-json.ts';
import type { PanelState } from '../model/page-state.ts';
import { panelTypes } from '../panels/index.ts';
import { Guard } from './guard.tsx';
import type { Box } from './layout.ts';
import { pageReport } from './report.ts';
import { messageOf } from '../model/message.ts';

/** What a panel draws from. */
export interface PanelViewProps {
  readonly panel: PanelJson;
  readonly box: Box;
  readonly context: Omit<LoadContext, 'width'>;
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
  readonly onRange: (from: number, to: number) => void;
}

interface Loaded {
  readonly frames: readonly DataFrame[];
  readonly marks: readonly Mark[];
  readonly error: string;
}

const isKnown = (value: unknown): boolean => value !== null && value !== undefined && !Number.isNaN(value);

/** Numbers that are none, and nothing else: as good as no data. */
const hasValues = (frame: DataFrame): boolean => {
  const numbers = frame.fields.filter(({ type }) => type === FieldType.number);
  return frame.length > 0 && (numbers.length === 0 || numbers.some(({ values }) => values.some(isKnown)));
};

function stateOf(panel: PanelJson, { frames, error }: Omit<Loaded, 'marks'>): PanelState {
  if (error !== '') return 'failed';
  if (panel.type === 'text' || frames.some(hasValues)) return 'drawn';
  return panel.fieldConfig?.defaults?.['noValue'] === undefined ? 'empty' : 'quiet';
}

const nextFrame = (): Promise<number> => new Promise(requestAnimationFrame);

/** A panel in its frame, with its data, or why there is none. */
export const PanelView = memo(({ panel, box, context, range, theme, onRange }: PanelViewProps) => {
  const [loaded, setLoaded] = useState<Loaded>();
  const [isLoading, setIsLoading] = useState(true);
  const width = Math.round(box.width);
  const title = fillText(panel.title ?? '', panel, { ...context, width });
  const Drawing = panelTypes[panel.type];

  useEffect(() => {
    const controller = new AbortController();
    const report = (state: PanelState, message = ''): void =>
      pageReport.set({ id: panel.id, title, type: panel.type, state, message });
    report('loading');
    setIsLoading(true);
    const load = async (): Promise<Loaded> => {
      if (panelTypes[panel.type] === undefined)
        return { frames: [], marks: [], error: `The preview cannot draw panels of type “${panel.type}”.` };
      try {
        const own = { ...context, width };
        const [frames, marks] = await Promise.all([
          loadPanel(panel, own, controller.signal),
          panel.type === 'timeseries' ? loadMarks(panel, own, controller.signal) : [],
        ]);
        return { frames, marks, error: '' };
      } catch (error) {
        return { frames: [], marks: [], error: messageOf(error) };
      }
    };
    const run = async (): Promise<void> => {
      const outcome = await load();
      if (controller.signal.aborted) return;
      setLoaded(outcome);
      setIsLoading(false);
      // Charts draw on the next frame, their legends one later.
      await nextFrame();
      await nextFrame();
      if (!controller.signal.aborted) report(stateOf(panel, outcome), outcome.error);
    };
    void run();
    return () => controller.abort();
  }, [panel, context, width, title]);

  const state = loaded === undefined ? 'loading' : stateOf(panel, loaded);
  const noValue = panel.fieldConfig?.defaults?.['noValue'];
  return (
    <PanelChrome
      title={title}
      description={panel.description}
      width={width}
      height={box.height}
      padding={panel.type === 'table' ? 'none' : 'md'}
      displayMode={panel.transparent === true ? 'transparent' : 'default'}
      loadingState={isLoading ? LoadingState.Loading : LoadingState.Done}
      statusMessage={loaded?.error === '' ? undefined : loaded?.error}
    >
      {(innerWidth, innerHeight) => {
        if (loaded === undefined) return null;
        if (state === 'failed') return <p className="azimuth-message azimuth-error">{loaded.error}</p>;
        if (state === 'empty' || state === 'quiet')
          return <p className="azimuth-message">{typeof noValue === 'string' ? noValue : 'No data'}</p>;
        if (Drawing === undefined) return null;
        return (
          <Guard
            key={String(loaded === undefined)}
            onError={(message) => pageReport.set({ id: panel.id, title, type: panel.type, state: 'failed', message })}
          >
            <Drawing
              panel={panel}
              data={loaded.frames}
              marks={loaded.marks}
              width={innerWidth}
              height={innerHeight}
              range={range}
              theme={theme}
              onRange={onRange}
              fill={(text) => fillText(text, panel, { ...context, width })}
            />
          </Guard>
        );
      }}
    </PanelChrome>
  );
});
