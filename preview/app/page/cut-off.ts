import type { CutOff } from '../model/page-state.ts';

/** Rounding of sub-pixel text is no loss. */
const TOLERANCE = 1.5;

const clips = (overflow: string): boolean => overflow === 'hidden' || overflow === 'clip';
const scrolls = (overflow: string): boolean => overflow === 'auto' || overflow === 'scroll';

/** Whether people see the element at all: screen readers' texts are squeezed into a pixel. */
function isSeen(element: Element): boolean {
  const { visibility, opacity, display } = getComputedStyle(element);
  const { width, height } = element.getBoundingClientRect();
  return visibility !== 'hidden' && opacity !== '0' && display !== 'none' && width > 1 && height > 1;
}

/** Whether a box reaches out of an ancestor that shows nothing beyond its edges; what can be scrolled to is not lost. */
function isClipped(text: DOMRect, from: Element, panel: Element): boolean {
  let [horizontal, vertical] = [true, true];
  for (let ancestor: Element | null = from; ancestor !== null; ancestor = ancestor.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(ancestor);
    const edge = ancestor.getBoundingClientRect();
    const isOut =
      (horizontal && clips(overflowX) && (text.right > edge.right + TOLERANCE || text.left < edge.left - TOLERANCE)) ||
      (vertical && clips(overflowY) && (text.bottom > edge.bottom + TOLERANCE || text.top < edge.top - TOLERANCE));
    if (isOut) return true;
    if (scrolls(overflowX)) horizontal = false;
    if (scrolls(overflowY)) vertical = false;
    if (ancestor === panel || (!horizontal && !vertical)) return false;
  }
  return false;
}

function* textsOf(panel: Element): Generator<Text> {
  const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text && node.data.trim() !== '') yield node;
  }
}

/** Texts of a panel that do not fit: shortened by an ellipsis, or reaching out of what clips them. */
function cutOffIn(panel: Element): string[] {
  return [...textsOf(panel)].flatMap((node) => {
    const element = node.parentElement;
    if (element === null || !isSeen(element)) return [];
    // Where an ellipsis is drawn, the text's own box may end a hair before the edge.
    const isShortened =
      getComputedStyle(element).textOverflow === 'ellipsis' && element.scrollWidth > element.clientWidth;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    return isShortened || isClipped(box, element, panel) ? [node.data.trim()] : [];
  });
}

/** All texts on the page that do not fit, by panel. */
export const findCutOff = (): readonly CutOff[] =>
  [...document.querySelectorAll('[data-panel]')].flatMap((element) => {
    const panel = element.getAttribute('data-panel') ?? '';
    return [...new Set(cutOffIn(element))].map((text) => ({ panel, text }));
  });
