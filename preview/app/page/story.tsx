import { linkSearch } from '../model/links.ts';
import type { StoryEvent } from '../model/state.ts';
import type { UrlState } from '../model/url-state.ts';
import { ago } from './ago.ts';

/** As many events as fit beside the alerts: what was last and what comes next. */
const SHOWN = 14;
const UPCOMING = 2;

/** What happens in the demo, each event with the dashboard that shows it. */
export function Story({
  events,
  now,
  url,
}: {
  readonly events: readonly StoryEvent[];
  readonly now: number;
  readonly url: UrlState;
}) {
  const next = events.findIndex(({ at }) => at > now);
  const end = next < 0 ? events.length : Math.min(events.length, next + UPCOMING);
  return (
    <ol className="azimuth-story" aria-label="What happens">
      {events.slice(Math.max(0, end - SHOWN), end).map(({ at, title, text, dashboard }) => (
        <li key={`${at} ${title}`} className={at > now ? 'azimuth-faint' : ''}>
          <span className="azimuth-faint">{ago(at, now)}</span>
          <span>
            <a
              href={`/d/${encodeURIComponent(dashboard)}${linkSearch({ keepTime: false, includeVars: false, state: url })}`}
            >
              {title}
            </a>{' '}
            {text}
          </span>
        </li>
      ))}
    </ol>
  );
}
