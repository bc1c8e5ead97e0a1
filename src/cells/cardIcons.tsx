import * as React from 'react';

/** Shapes of 16 × 16, drawn in the colour of the text. */
const SHAPES = {
  board: 'M2 2h5v6H2zM9 2h5v3H9zM9 7h5v7H9zM2 10h5v4H2z',
  chart: 'M2 2h1.5v10.5H14V14H2zM5 8h2v3.5H5zM8 5h2v6.5H8zM11 7h2v4.5h-2z',
  code: 'M5 3.5 6 4.6 2.6 8 6 11.4l-1 1.1L.5 8zM11 3.5 15.5 8 11 12.5l-1-1.1L13.4 8 10 4.6z',
  flag: 'M3 1h1.5v1H13l-2.5 3.5L13 9H4.5v6H3z',
  flask: 'M5 1h6v1.5h-1v4l4 7.5H2l4-7.5v-4H5zM6.6 8.5 5.3 11h5.4L9.4 8.5z',
  link: 'M3 3h4v1.5H4.5v7h7V9H13v4H3zM9 2h5v5h-1.5V4.6L7.6 9.5l-1.1-1.1 4.9-4.9H9z',
  people:
    'M5.5 3a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM1 13c0-2.5 2-4 4.5-4S10 10.5 10 13zM11 4.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM11.3 13c0-1.3-.4-2.4-1-3.3.2-.1.5-.2.7-.2 2.2 0 4 1.3 4 3.5z',
  person: 'M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2 14c0-3 2.7-5 6-5s6 2 6 5z',
  play: 'M4 2.5 13 8l-9 5.5z',
  tag: 'M1 2h6.5L15 9.5 9.5 15 2 7.5zM4.5 4a1.2 1.2 0 1 0 0 2.4 1.2 1.2 0 0 0 0-2.4z',
  warning: 'M8 1.5 15.5 14H.5zM7.2 6v4h1.6V6zM7.2 11v1.6h1.6V11z'
};

/** What a card can show as its sign. */
export type CardIcon = keyof typeof SHAPES;

/** The sign of a card; the words beside it say the same. */
export function CardSign({ icon }: { icon: CardIcon }): JSX.Element {
  return (
    <svg className="jp-PosthogCard-sign" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={SHAPES[icon]} fillRule="evenodd" />
    </svg>
  );
}
