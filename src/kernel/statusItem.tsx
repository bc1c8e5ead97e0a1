import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IShownKernel } from './model';
import { lineOf } from './words';

/** What the item needs. */
export interface IStatusItemProps {
  shown: IShownKernel;
  nowMs: number;
  onOpen: () => void;
  trans: TranslationBundle;
}

/** In the status bar: how PostHog's kernel of the notebook in front is, and how long it lives. */
export function StatusItem({ shown, nowMs, onOpen, trans }: IStatusItemProps): JSX.Element {
  return (
    <button
      type="button"
      className="jp-PosthogKernelItem-button"
      title={trans.__("PostHog's kernel of this notebook")}
      aria-haspopup="dialog"
      onClick={onOpen}
    >
      {lineOf(shown, nowMs, trans)}
    </button>
  );
}
