import * as React from 'react';
import type { IWindow } from './rowWindow';

const SOON_MS = 100;
/** Whoever moves on by more than this meanwhile only passes by. */
const ROWS_PASSED = 40;

/** Do something about the rows in view, but not about those that are only passed by. */
export function useCalm(action: () => void, shown: IWindow, question: number): void {
  const latest = React.useRef({ action, shown });
  latest.current = { action, shown };
  const timer = React.useRef<ReturnType<typeof setTimeout> | null>(null);
  React.useEffect(() => {
    const wait = () => {
      const { first } = latest.current.shown;
      timer.current = setTimeout(() => {
        timer.current = null;
        if (Math.abs(latest.current.shown.first - first) > ROWS_PASSED) {
          wait();
        } else {
          latest.current.action();
        }
      }, SOON_MS);
    };
    if (timer.current === null) {
      wait();
    }
  }, [shown, question]);
  React.useEffect(
    () => () => {
      if (timer.current !== null) {
        clearTimeout(timer.current);
      }
    },
    []
  );
}
