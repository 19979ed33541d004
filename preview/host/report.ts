import type { Fault } from './faults.ts';
import type { Picture, PictureReport } from './pictures.ts';

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const faultLine = ({ panel, kind, message }: Fault): string =>
  `  ${panel === null ? '' : `${panel}: `}${kind}: ${message}`;

function pictureLines({ file, faults, quiet }: Picture): string[] {
  const note = quiet.length === 0 ? '' : ` (no data, and said so: ${quiet.join(', ')})`;
  if (faults.length === 0) return [`${file}: ok${note}`];
  return [`${file}: ${count(faults.length, 'fault')}${note}`, ...faults.map(faultLine)];
}

/** Whether every picture is without a fault. */
export function isClean({ pictures }: PictureReport): boolean {
  return pictures.every(({ faults }) => faults.length === 0);
}

/** The report for people: a line for each picture, and below it what is wrong. Ends with a line break. */
export function reportText(report: PictureReport): string {
  return `${report.pictures.flatMap(pictureLines).join('\n')}\n`;
}
