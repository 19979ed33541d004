import type { TimeRange } from '@grafana/data';
import { Button, RefreshPicker, TimeRangePicker } from '@grafana/ui';
import { linkSearch } from '../model/links.ts';
import type { DashboardSummary } from '../model/state.ts';
import type { UrlState } from '../model/url-state.ts';

/** How often the page can ask again. */
const INTERVALS = ['5s', '10s', '30s', '1m', '5m', '15m', '1h'];

/** What the head of the page shows and changes. */
export interface TopBarProps {
  readonly dashboards: readonly DashboardSummary[];
  readonly uid: string;
  readonly url: UrlState;
  readonly range: TimeRange;
  readonly refresh: string;
  /** Unix milliseconds. */
  readonly now: number;
  readonly isLight: boolean;
  readonly onChange: (changed: Partial<UrlState>) => void;
  readonly onRefresh: () => void;
  readonly onRange: (from: number, to: number) => void;
  /** Alerts and story, which fold out below. */
  readonly details: {
    readonly label: string;
    readonly isOpen: boolean;
    readonly isLoud: boolean;
    readonly onToggle: () => void;
  };
}

const rawOf = (raw: TimeRange['raw']['from']): string => (typeof raw === 'string' ? raw : String(raw.valueOf()));

/** The head of the page: dashboards, time range, refresh, theme. */
export function TopBar(props: TopBarProps) {
  const { dashboards, uid, url, range, refresh, now, isLight, onChange, onRefresh, onRange, details } = props;
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const length = to - from;
  // Nothing is known of the future, which would look as if all were well.
  const ahead = Math.max(0, Math.min(length / 2, now - to));
  return (
    <header className="azimuth-bar">
      <span className="azimuth-name">Azimuth</span>
      <nav aria-label="Dashboards">
        {dashboards.map((dashboard) => (
          <a
            key={dashboard.uid}
            href={`/d/${encodeURIComponent(dashboard.uid)}${linkSearch({ keepTime: true, includeVars: true, state: url })}`}
            title={dashboard.description}
            {...(dashboard.uid === uid && { 'aria-current': 'page' as const })}
          >
            {dashboard.title}
          </a>
        ))}
      </nav>
      <Button
        size="sm"
        variant={details.isLoud ? 'destructive' : 'secondary'}
        fill="outline"
        aria-expanded={details.isOpen}
        icon={details.isOpen ? 'angle-up' : 'angle-down'}
        onClick={details.onToggle}
      >
        {details.label}
      </Button>
      <TimeRangePicker
        value={range}
        timeZone="utc"
        onChange={({ raw }) => onChange({ from: rawOf(raw.from), to: rawOf(raw.to) })}
        onChangeTimeZone={() => undefined}
        onMoveBackward={() => onRange(from - length / 2, to - length / 2)}
        onMoveForward={() => onRange(from + ahead, to + ahead)}
        onZoom={() => onRange(from - length / 2, to + ahead)}
        isOnCanvas
      />
      <RefreshPicker
        value={refresh}
        intervals={INTERVALS}
        onIntervalChanged={(interval) => onChange({ refresh: interval })}
        onRefresh={onRefresh}
        tooltip="Refresh"
        isOnCanvas
      />
      <Button
        size="md"
        variant="secondary"
        fill="outline"
        icon="palette"
        aria-label={isLight ? 'Dark theme' : 'Light theme'}
        tooltip={isLight ? 'Dark theme' : 'Light theme'}
        onClick={() => onChange({ theme: isLight ? 'dark' : 'light' })}
      />
    </header>
  );
}
