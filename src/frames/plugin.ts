import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { addressOn, INotebookAddress } from '../common/paths';
import { FRAME_MIME_TYPE, IFrame } from './frameData';
import { IFramePages, ServerFramePages } from './framePages';
import { FrameRenderer } from './renderer';

const SETTINGS_ID = 'jupyter-posthog:cells';
/** Before HTML, whose rank is 50. */
const RANK = 40;

/** Frames on a grid, in the outputs of any notebook. */
export const framesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-posthog:frames',
  description: 'Shows frames as a grid whose rows come as they are scrolled to.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [IThemeManager, ISettingRegistry, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    themes: IThemeManager | null,
    settings: ISettingRegistry | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('jupyter_posthog');
    const { serverSettings } = app.serviceManager;
    const prefersTable = followView(settings);
    rendermime.addFactory(
      {
        safe: true, // text on a canvas, or as text of a table
        mimeTypes: [FRAME_MIME_TYPE],
        createRenderer: ({ resolver }) =>
          new FrameRenderer({
            pagesOf: frame => pagesOf(frame, resolver, serverSettings),
            prefersTable,
            themeChanged: themes?.themeChanged ?? null,
            trans
          })
      },
      RANK
    );
  }
};

/** More rows come only for outputs of a notebook on the drive, and only from its own kernel and queries. */
function pagesOf(
  frame: IFrame,
  resolver: IRenderMime.IResolver | null,
  serverSettings: JupyterFrontEnd['serviceManager']['serverSettings']
): IFramePages | null {
  const address = addressOf(resolver);
  if (!address || !frame.name || (frame.notebook && frame.notebook.short_id !== address.shortId)) {
    return null;
  }
  const { name, runId } = frame;
  return new ServerFramePages({ serverSettings, address, name, runId });
}

/** The notebook that an output stands in; what the output says of itself is anybody's word. */
function addressOf(resolver: IRenderMime.IResolver | null): INotebookAddress | null {
  const path = (resolver as { path?: unknown } | null)?.path;
  return typeof path === 'string' ? addressOn(path) : null;
}

function followView(settings: ISettingRegistry | null): () => boolean {
  let isTable = false;
  // Without settings, frames begin as grids.
  void settings
    ?.load(SETTINGS_ID)
    .then(loaded => {
      const read = () => {
        isTable = loaded.get('frameView').composite === 'table';
      };
      loaded.changed.connect(read);
      read();
    })
    .catch(() => undefined);
  return () => isTable;
}
