import { ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import * as React from 'react';
import { posthogIcon } from './icon';
import { ISidebarProps, Sidebar } from './panel';
import type { Refreshing } from './refreshing';

/** The panel's id, by which Lab shows it and restores it. */
export const PANEL_ID = 'jp-posthog-panel';

/** The sidebar's place in Lab: knows whether it is in view, and which row's title is being changed. */
export class SidebarWidget extends ReactWidget {
  constructor(options: {
    props: Omit<ISidebarProps, 'renaming' | 'onRenamed' | 'isSeen' | 'focusList'>;
    refreshing: Refreshing;
  }) {
    super();
    this._props = options.props;
    this._refreshing = options.refreshing;
    const { trans } = options.props;
    this.id = PANEL_ID;
    this.addClass('jp-PosthogPanel');
    this.title.icon = posthogIcon;
    this.title.caption = trans.__('PostHog notebooks');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('PostHog notebooks'));
  }

  dispose(): void {
    this._refreshing.dispose();
    super.dispose();
  }

  /** Let the title of a listed notebook be changed in its row. */
  rename(shortId: string): void {
    this._renaming = shortId;
    this.update();
  }

  /** Put the keyboard into the field for searching. */
  focusSearch(): void {
    this.node.querySelector<HTMLInputElement>('.jp-PosthogSearch')?.focus();
  }

  /** Put the keyboard into the list. */
  focusList(): void {
    this.node.querySelector<HTMLElement>('.jp-PosthogList')?.focus();
  }

  protected onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._setSeen(true);
  }

  protected onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this._setSeen(false);
  }

  protected onBeforeDetach(message: Message): void {
    this._setSeen(false);
    super.onBeforeDetach(message);
  }

  protected onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._setSeen(this.isVisible);
  }

  protected render(): JSX.Element {
    return React.createElement(Sidebar, {
      ...this._props,
      renaming: this._renaming,
      onRenamed: () => {
        this._renaming = null;
        this.update();
      },
      isSeen: this._isSeen,
      focusList: () => this.focusList()
    });
  }

  private _setSeen(isSeen: boolean): void {
    if (isSeen !== this._isSeen) {
      this._isSeen = isSeen;
      this._refreshing.isShown = isSeen;
      this.update();
    }
  }

  private readonly _props: Omit<ISidebarProps, 'renaming' | 'onRenamed' | 'isSeen' | 'focusList'>;
  private readonly _refreshing: Refreshing;
  private _renaming: string | null = null;
  private _isSeen = false;
}
