/** Which rows of a long list are visible: only those are part of the page. */

export const ROW_HEIGHT = 24;
const SPARE_ROWS = 8;

export interface VisibleRows {
  first: number;
  /** One past the last. */
  end: number;
}

export function visibleRows(scrollTop: number, height: number, count: number): VisibleRows {
  const first = Math.floor(scrollTop / ROW_HEIGHT) - SPARE_ROWS;
  const end = Math.ceil((scrollTop + height) / ROW_HEIGHT) + SPARE_ROWS;
  return { first: Math.min(Math.max(0, first), count), end: Math.min(Math.max(0, end), count) };
}

/** The scroll position closest to `scrollTop` at which a whole row is visible. */
export function scrolledTo(row: number, scrollTop: number, height: number): number {
  const top = row * ROW_HEIGHT;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + ROW_HEIGHT - height);
}
