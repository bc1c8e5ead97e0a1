import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import * as React from 'react';
import { localPath, parsePath } from '../common/paths';
import type { IEditsState, INotebookEdits, IShownVersions } from '../drive/tokens';
import { ChangeFollower } from './following';
import { INews, NotebookNews } from './news';
import { Popover } from '../common/popover';
import { savingOf } from './saving';
import { IStateActions, StateDetails } from './stateDetails';
import { StateItem } from './stateItem';
import type { ILiveChannel } from './tokens';

/** What the widget needs of its notebook and of the page. */
export interface IStateWidgetOptions {
  edits: INotebookEdits;
  channel: ILiveChannel;
  versions: IShownVersions;
  /** Compare the edits of a notebook with what somebody else saved. */
  compare: (path: string) => void;
  trans: TranslationBundle;
}

/** The state of one open notebook, for its toolbar; what is shown in the popover is the same, in more words. */
export class StateWidget extends ReactWidget {
  constructor(options: IStateWidgetOptions) {
    super();
    this._options = options;
    const { edits, channel, versions } = options;
    const saving = savingOf(edits);
    this._news = new NotebookNews(channel, {
      address: () => parsePath(edits.path),
      shown: () => versions.shown(localPath(edits.path)),
      shownChanged: versions.changed,
      saving: saving.changed
    });
    this._parts = [saving, this._news, new ChangeFollower({ edits, channel, news: this._news })];
    this.addClass('jp-PosthogStateItem');
  }

  dispose(): void {
    this._parts.forEach(part => part.dispose());
    this._popover?.dispose();
    super.dispose();
  }

  render(): JSX.Element {
    return this._watching((edits, news) => (
      <StateItem
        edits={edits}
        news={news}
        onOpen={anchor => this._toggle(anchor)}
        trans={this._options.trans}
      />
    ));
  }

  private _toggle(anchor: HTMLElement): void {
    if (this._popover && !this._popover.isDisposed) {
      this._popover.dispose();
      return;
    }
    const { edits, compare, trans } = this._options;
    const actions: IStateActions = {
      save: () => this._close(() => void edits.save()),
      compare: () => this._close(() => compare(edits.path))
    };
    const body = ReactWidget.create(
      this._watching((state, news) => (
        <StateDetails edits={state} news={news} actions={actions} trans={trans} />
      ))
    );
    this._popover = new Popover(anchor, body, trans.__('Where the edits of this notebook are'));
    this._popover.open();
  }

  private _close(then: () => void): void {
    this._popover?.dispose();
    then();
  }

  private _watching(draw: (edits: IEditsState, news: INews) => JSX.Element): JSX.Element {
    const { edits } = this._options;
    return (
      <UseSignal signal={edits.changed}>
        {() => (
          <UseSignal signal={this._news.changed}>
            {() => draw(edits.state, this._news.state)}
          </UseSignal>
        )}
      </UseSignal>
    );
  }

  private readonly _options: IStateWidgetOptions;
  private readonly _news: NotebookNews;
  private readonly _parts: IDisposable[];
  private _popover: Popover | null = null;
}
