import type { GrafanaTheme2, TimeRange } from '@grafana/data';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { LoadContext } from '../data/load.ts';
import type { PanelJson } from '../model/dashboard-json.ts';
import { interpolate } from '../model/interpolate.ts';
import { boxOf, closedRows, heightOf, place } from './layout.ts';
import { PanelView } from './panel-view.tsx';
import { RowHead } from './row-head.tsx';

/** What the panels of a dashboard draw from. */
export interface GridProps {
  readonly panels: readonly PanelJson[];
  readonly context: Omit<LoadContext, 'width'>;
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
  readonly onRange: (from: number, to: number) => void;
  /** Told which panels are on the page whenever that changes. */
  readonly onPlaced: (ids: readonly number[]) => void;
}

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** All panels in their places; rows open and close. */
export function Grid({ panels, context, range, theme, onRange, onPlaced }: GridProps) {
  const { ref, width } = useWidth();
  const [closed, setClosed] = useState(() => closedRows(panels));
  const placed = useMemo(() => place(panels, closed), [panels, closed]);
  const boxes = useMemo(() => placed.map(({ position }) => boxOf(position, width)), [placed, width]);

  useEffect(() => {
    if (width > 0) onPlaced(placed.flatMap(({ panel }) => (panel.type === 'row' ? [] : [panel.id])));
  }, [placed, width, onPlaced]);

  const toggle = (id: number): void =>
    setClosed((before) =>
      before.has(id) ? new Set([...before].filter((each) => each !== id)) : new Set([...before, id]),
    );

  /** How many panels a row holds: those in it, or those below it up to the next row. */
  const held = (row: PanelJson): number => place(panels, new Set()).length - place(panels, new Set([row.id])).length;

  return (
    <div ref={ref} style={{ position: 'relative', height: heightOf(placed) }}>
      {width > 0 &&
        placed.map(({ panel }, index) => {
          const box = boxes[index];
          if (box === undefined) return null;
          const title = interpolate(panel.title ?? '', context.scope, 'text');
          const isRow = panel.type === 'row';
          return (
            <div key={panel.id} {...(!isRow && { 'data-panel': title })} style={{ position: 'absolute', ...box }}>
              {isRow ? (
                <RowHead
                  title={title}
                  panels={held(panel)}
                  isOpen={!closed.has(panel.id)}
                  onToggle={() => toggle(panel.id)}
                />
              ) : (
                <PanelView panel={panel} box={box} context={context} range={range} theme={theme} onRange={onRange} />
              )}
            </div>
          );
        })}
    </div>
  );
}
