import { TableNG } from '@grafana/ui/unstable';
import { useState } from 'react';
import { fieldConfigOf } from '../grafana/field-config.ts';
import { optionsOf } from './defaults.ts';
import type { PanelComponent } from './panel-props.ts';

/** Rows and columns of the frame that the options choose. */
export const Table: PanelComponent = ({ panel, data, width, height, range }) => {
  const options = optionsOf('table', panel.options);
  const [sortBy, setSortBy] = useState(options.sortBy ?? []);
  const frame = data[options.frameIndex] ?? data[0];
  if (frame === undefined) return null;
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      noHeader={!options.showHeader}
      sortBy={sortBy}
      onSortByChange={setSortBy}
      cellHeight={options.cellHeight}
      enablePagination={options.enablePagination}
      pageSize={options.pageSize}
      maxRowHeight={options.maxRowHeight}
      frozenColumns={options.frozenColumns?.left}
      showTypeIcons={options.showTypeIcons ?? false}
      structureRev={1}
      timeRange={range}
      fieldConfig={fieldConfigOf(panel)}
      resizable
      transparent={panel.transparent ?? false}
      enableVirtualization
    />
  );
};
