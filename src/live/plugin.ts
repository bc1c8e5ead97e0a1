import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry, Notification, ReactWidget } from '@jupyterlab/apputils';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator, TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { UUID } from '@lumino/coreutils';
import { Debouncer } from '@lumino/polling';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { isOnDrive, localPath, parsePath } from '../common/paths';
import { INotebookOpener, IShownVersions } from '../drive/tokens';
import { LiveChannel } from './channel';
import { INews, NotebookNews } from './news';
import { NewsItem } from './newsItem';
import { IShownNotebook, OpenNotebooks } from './openNotebooks';
import { ILiveChannel } from './tokens';

/** Several notebooks that open at once, as after a reload of the page, are told once. */
const TOGETHER_MS = 200;
const NOTICE_MS = 8_000;

/** What happens in PostHog to notebooks that are open here. */
export const livePlugin: JupyterFrontEndPlugin<ILiveChannel> = {
  id: 'jupyter-posthog:live',
  description: 'Tells what happens in PostHog to the notebooks that are open in this page.',
  autoStart: true,
  provides: ILiveChannel,
  requires: [INotebookOpener, INotebookTracker],
  optional: [IToolbarWidgetRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    { versions }: INotebookOpener,
    tracker: INotebookTracker,
    toolbars: IToolbarWidgetRegistry | null,
    translator: ITranslator | null
  ): ILiveChannel => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { events, serverSettings } = app.serviceManager;
    const channel = new LiveChannel(events.stream);
    const open = new OpenNotebooks({
      serverSettings,
      pageId: UUID.uuid4(),
      shown: () => shownIn(tracker, versions)
    });
    open.known.connect((_, notebook) => channel.known.emit(notebook));
    tellWhatIsOpen(tracker, open);
    window.addEventListener('pagehide', () => open.leave());
    toolbars?.addFactory<NotebookPanel>('Notebook', 'posthogNews', panel =>
      isOnDrive(panel.context.path) ? newsItem(panel, channel, versions, trans) : nothing()
    );
    return channel;
  }
};

function shownIn(tracker: INotebookTracker, versions: IShownVersions): IShownNotebook[] {
  const shown: IShownNotebook[] = [];
  tracker.forEach(({ context }) => {
    if (parsePath(context.path) && isOnDrive(context.path) && context.isReady) {
      shown.push({ path: localPath(context.path), version: versions.shown(context.path) });
    }
  });
  return shown;
}

function tellWhatIsOpen(tracker: INotebookTracker, open: OpenNotebooks): void {
  const telling = new Debouncer(() => open.update(), TOGETHER_MS);
  // The next renewal tells again what could not be told now.
  const tell = () => void telling.invoke().catch(() => undefined);
  tracker.widgetAdded.connect((_, panel) => {
    if (isOnDrive(panel.context.path)) {
      void panel.context.ready.then(tell, () => undefined);
      panel.disposed.connect(tell);
    }
  });
}

function newsItem(
  panel: NotebookPanel,
  channel: LiveChannel,
  versions: IShownVersions,
  trans: TranslationBundle
): Widget {
  const { context } = panel;
  const news = new NotebookNews(channel, {
    address: () => parsePath(context.path),
    shown: () => versions.shown(context.path),
    shownChanged: versions.changed,
    saveState: context.saveState
  });
  const draw = (state: INews) =>
    React.createElement(NewsItem, {
      state,
      onReload: () => reload(context, trans),
      trans
    });
  const item = ReactWidget.create(
    React.createElement(UseSignal<NotebookNews, INews>, {
      signal: news.changed,
      initialArgs: news.state,
      children: (_, state) => draw(state ?? news.state)
    })
  );
  item.addClass('jp-PosthogNewsItem');
  panel.disposed.connect(() => news.dispose());
  return item;
}

/** Load a notebook again, unless something that a person typed would be lost. */
function reload(context: NotebookPanel['context'], trans: TranslationBundle): void {
  if (context.model.dirty) {
    const sentence = trans.__('You have edits here. Save them first: both are compared then.');
    Notification.info(sentence, { autoClose: NOTICE_MS });
  } else {
    void context.revert();
  }
}

/** The toolbar of a notebook that is not ours shows nothing of us. */
function nothing(): Widget {
  const widget = new Widget();
  widget.hide();
  return widget;
}
