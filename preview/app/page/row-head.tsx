import { Icon } from '@grafana/ui';

/** A row's title; a button that opens and closes it. */
export function RowHead({
  title,
  panels,
  isOpen,
  onToggle,
}: {
  readonly title: string;
  /** How many panels it holds, told while it is closed. */
  readonly panels: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}) {
  return (
    <button type="button" className="azimuth-row" aria-expanded={isOpen} onClick={onToggle}>
      <Icon name={isOpen ? 'angle-down' : 'angle-right'} />
      {title}
      {!isOpen && <span className="azimuth-faint">{`${panels} panel${panels === 1 ? '' : 's'}`}</span>}
    </button>
  );
}
