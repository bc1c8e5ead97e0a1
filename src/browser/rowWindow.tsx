import * as React from 'react';

/** The places of the rows that are in the page. */
export interface IWindow {
  first: number;
  last: number;
}

/** Rows beyond the edges, so that scrolling never shows an empty line; drawn in steps, which costs fewer drawings. */
const OVERSCAN = 6;
const STEP = 6;
/** Until the list was measured. */
const ROWS_AT_FIRST = 40;
const FALLBACK_PX = 44;

/** Return which rows are in the page for where a list is scrolled to. */
export function windowOf(scroller: HTMLElement | null, rowHeight: number, count: number): IWindow {
  const height = scroller?.clientHeight || ROWS_AT_FIRST * rowHeight;
  const top = Math.floor((scroller?.scrollTop ?? 0) / rowHeight / STEP) * STEP;
  const rows = Math.ceil(height / rowHeight / STEP + 1) * STEP;
  return {
    first: Math.max(0, top - OVERSCAN),
    last: Math.max(0, Math.min(count - 1, top + rows + OVERSCAN))
  };
}

/** Return the places in a window, each with a number that few others have: drawn rows are used again for others. */
export function slotsOf(
  { first, last }: IWindow,
  count: number
): { place: number; slot: number }[] {
  const end = Math.min(last, count - 1);
  const places = Array.from({ length: Math.max(0, end - first + 1) }, (_, step) => first + step);
  const slots = Math.ceil((last - first + 1) / STEP) * STEP;
  return places.map(place => ({ place, slot: place % slots }));
}

/** Return how high a row is in this theme and font size, and what measures it. All rows are alike, to a fraction of a pixel. */
export function useRowHeight(): [number, JSX.Element] {
  const probe = React.useRef<HTMLDivElement>(null);
  const [height, setHeight] = React.useState(FALLBACK_PX);
  React.useLayoutEffect(() => {
    const measure = () => setHeight(probe.current?.getBoundingClientRect().height || FALLBACK_PX);
    const observer = new ResizeObserver(measure);
    if (probe.current) {
      observer.observe(probe.current);
    }
    measure();
    return () => observer.disconnect();
  }, []);
  return [height, <div key="probe" className="jp-PosthogProbe" aria-hidden="true" ref={probe} />];
}
