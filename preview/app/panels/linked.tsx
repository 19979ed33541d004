import type { FieldDisplay } from '@grafana/data';
import { DataLinksContextMenu } from '@grafana/ui';
import type { MouseEventHandler, ReactElement } from 'react';

/** Draws a value; with links, a click on it opens them. */
export type DrawValue = (onClick?: MouseEventHandler<HTMLElement>, className?: string) => ReactElement;

/** A value with the data links of its field, if it has any. */
export function Linked({ value, draw }: { readonly value: FieldDisplay; readonly draw: DrawValue }) {
  const { hasLinks, getLinks } = value;
  if (!hasLinks || getLinks === undefined) return draw();
  return (
    <DataLinksContextMenu links={getLinks}>
      {({ openMenu, targetClassName }) => draw(openMenu, targetClassName)}
    </DataLinksContextMenu>
  );
}
