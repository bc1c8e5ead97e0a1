import { Compartment, EditorState, Extension, Text } from '@codemirror/state';
import { EditorView, ViewPlugin } from '@codemirror/view';
import { readMagic } from './magicLine';

const NOTHING: Extension = [];

/**
 * Make an editor extension that reads a cell as SQL while its first line says so.
 *
 * @param load - gives the language of such cells; it is fetched when a cell first needs it
 */
export function sqlHighlighting(load: () => Promise<Extension>): Extension {
  let language = NOTHING;
  const place = new Compartment();
  // Lab's own choice, by the kernel's language, stands behind it.
  const wanted = (text: Text) => (isSqlCell(text) ? language : NOTHING);
  return [
    place.of(NOTHING),
    EditorState.transactionExtender.of(transaction => {
      const next = wanted(transaction.newDoc);
      return transaction.docChanged && place.get(transaction.startState) !== next
        ? { effects: place.reconfigure(next) }
        : null;
    }),
    ViewPlugin.define(view => {
      let isAsked = false;
      let isGone = false;
      const ask = (editor: EditorView) => {
        if (!isAsked && isSqlCell(editor.state.doc)) {
          isAsked = true;
          void load().then(found => {
            language = found;
            if (!isGone) {
              editor.dispatch({ effects: place.reconfigure(wanted(editor.state.doc)) });
            }
          });
        }
      };
      ask(view);
      return {
        update: ({ docChanged, view: editor }) => {
          if (docChanged) {
            ask(editor);
          }
        },
        destroy: () => {
          isGone = true;
        }
      };
    })
  ];
}

function isSqlCell(text: Text): boolean {
  const first = text.line(1).text;
  return first.startsWith('%%') && readMagic(first) !== null;
}
