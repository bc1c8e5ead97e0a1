import { CellRenderer, DataGrid, TextRenderer } from '@lumino/datagrid';
import { WAITING } from './gridModel';

const NUMBERS =
  /^(?:nullable\()?(?:u?int|float|decimal|double|bigint|hugeint|smallint|tinyint|integer|real|number)/i;

/** How a grid looks in the theme of the page: a canvas takes values, not the names of variables. */
export interface IGridLook {
  style: DataGrid.Style;
  body: CellRenderer;
  header: CellRenderer;
  rowHeader: CellRenderer;
  /** The font of values, to measure columns by. */
  font: string;
}

/**
 * Read the theme's variables at a node.
 *
 * @param types - of the columns; numbers stand at the right
 */
export function gridLook(node: HTMLElement, types: readonly string[]): IGridLook {
  const computed = getComputedStyle(node);
  const value = (name: string) => computed.getPropertyValue(`--jp-${name}`).trim();
  const text = value('ui-font-color1');
  const quiet = value('ui-font-color2');
  const line = value('border-color2');
  const chosen = value('brand-color1');
  const font = `${value('code-font-size')} ${value('code-font-family')}`;
  const headerFont = `600 ${value('ui-font-size1')} ${value('ui-font-family')}`;
  const typeFont = `${value('ui-font-size0')} ${value('ui-font-family')}`;
  const isNumber = types.map(type => NUMBERS.test(type));
  return {
    font,
    style: {
      voidColor: value('layout-color1'),
      backgroundColor: value('layout-color1'),
      headerBackgroundColor: value('layout-color2'),
      gridLineColor: line,
      headerGridLineColor: line,
      selectionFillColor: transparent(chosen),
      selectionBorderColor: chosen,
      headerSelectionFillColor: transparent(chosen),
      headerSelectionBorderColor: chosen,
      cursorFillColor: transparent(chosen),
      cursorBorderColor: chosen,
      scrollShadow: { size: 0, color1: line, color2: line, color3: line }
    },
    body: new TextRenderer({
      font,
      textColor: ({ value: shown }) => (shown === WAITING ? quiet : text),
      horizontalAlignment: ({ column }) => (isNumber[column] ? 'right' : 'left'),
      elideDirection: 'right'
    }),
    header: new TextRenderer({
      font: ({ row }) => (row === 0 ? headerFont : typeFont),
      textColor: text,
      horizontalAlignment: ({ column }) => (isNumber[column] ? 'right' : 'left'),
      elideDirection: 'right'
    }),
    rowHeader: new TextRenderer({ font: typeFont, textColor: text, horizontalAlignment: 'right' })
  };
}

/** A colour that lets the text below be read. */
function transparent(colour: string): string {
  return `color-mix(in srgb, ${colour} 20%, transparent)`;
}
