import { MainAreaWidget, ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { historyIcon, UseSignal } from '@jupyterlab/ui-components';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import * as React from 'react';
import type { INotebookAddress } from '../common/paths';
import { ActivityModel } from './activityModel';
import { ActivityPage } from './activityPage';
import { CommentsPage } from './commentsPage';
import type { IHistoryDesk, Moment } from './desk';
import { HistoryModel } from './model';
import { HistoryPage } from './page';
import type { IPreviewTools } from './preview';
import type { IProjectDesk, IProjectPlace } from './projectDesk';

/** What the pages can ask for. */
export interface IPages {
  readonly desk: IHistoryDesk;
  readonly projects: IProjectDesk;
  readonly tools: IPreviewTools;
  readonly trans: TranslationBundle;
  /** Opens the doctor's page; null where that is switched off. */
  readonly doctor: (() => void) | null;
  /** A notebook's title where it is open; else its short_id. */
  titleOf(address: INotebookAddress): string;
  open(address: INotebookAddress): void;
  restore(model: HistoryModel, moment: Moment): void;
}

/** A page, and how it asks again. */
export interface IPage {
  widget: MainAreaWidget;
  refresh: () => void;
}

/** The past of one notebook. */
export function historyPage(address: INotebookAddress, pages: IPages): IPage {
  const { trans, tools } = pages;
  const model = new HistoryModel(address, pages.desk);
  const title = trans.__('History of “%1”', pages.titleOf(address));
  return page(title, model, state =>
    React.createElement(HistoryPage, {
      title,
      state,
      tools,
      onChoose: moment => void model.choose(moment),
      onRestore: moment => pages.restore(model, moment),
      onMore: () => void model.loadMore(),
      onRefresh: () => void model.refresh(),
      trans
    })
  );
}

/** What happened to the notebooks of a project. */
export function activityPage(place: IProjectPlace, pages: IPages): IPage {
  const { trans } = pages;
  const model = new ActivityModel(place, pages.projects);
  return page(trans.__('PostHog activity'), model, state =>
    React.createElement(ActivityPage, {
      state,
      onOpen: shortId => pages.open(notebookIn(place, shortId)),
      onMore: () => void model.loadMore(),
      onRefresh: () => void model.refresh(),
      onDoctor: pages.doctor,
      trans
    })
  );
}

/** What notebooks say about a recording. */
export function commentsPage(place: IProjectPlace, pages: IPages): IPage {
  const { trans } = pages;
  const content = ReactWidget.create(
    React.createElement(CommentsPage, {
      place,
      find: id => pages.projects.comments(place, id),
      onOpen: shortId => pages.open(notebookIn(place, shortId)),
      onDoctor: pages.doctor,
      trans
    })
  );
  const widget = framed(content, trans.__('Comments on a recording'));
  return { widget, refresh: () => undefined };
}

function page<S>(
  title: string,
  model: IDisposable & { state: S; changed: ISignal<unknown, S>; refresh(): Promise<void> },
  draw: (state: S) => JSX.Element
): IPage {
  const content = ReactWidget.create(
    React.createElement(UseSignal<unknown, S>, {
      signal: model.changed,
      initialArgs: model.state,
      children: (_, state) => draw(state ?? model.state)
    })
  );
  const widget = framed(content, title);
  widget.disposed.connect(() => model.dispose());
  return { widget, refresh: () => void model.refresh() };
}

function framed(content: ReactWidget, title: string): MainAreaWidget {
  content.addClass('jp-PosthogPast');
  const widget = new MainAreaWidget({ content });
  widget.title.label = title;
  widget.title.icon = historyIcon;
  widget.title.closable = true;
  widget.toolbar.hide();
  return widget;
}

function notebookIn({ connection, projectId }: IProjectPlace, shortId: string): INotebookAddress {
  return { connection, projectId, shortId };
}
