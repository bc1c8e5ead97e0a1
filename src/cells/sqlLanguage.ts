import { defineLanguageFacet, Language, languageDataProp } from '@codemirror/language';
import {
  Input,
  NodeSet,
  NodeType,
  Parser,
  parseMixed,
  PartialParse,
  Tree,
  TreeFragment
} from '@lezer/common';
import { styleTags, tags } from '@lezer/highlight';
import { readMagic } from './magicLine';

/** In the order of the set below. */
const enum Id {
  None,
  Cell,
  Magic,
  Name,
  Option,
  Body
}

const BODY = 'SqlBody';
const data = defineLanguageFacet({
  commentTokens: { line: '--', block: { open: '/*', close: '*/' } }
});
const nodes = new NodeSet([
  NodeType.none,
  NodeType.define({
    id: Id.Cell,
    name: 'SqlCell',
    top: true,
    props: [languageDataProp.add({ SqlCell: data })]
  }),
  NodeType.define({ id: Id.Magic, name: 'Magic' }),
  NodeType.define({ id: Id.Name, name: 'FrameName' }),
  NodeType.define({ id: Id.Option, name: 'MagicOption' }),
  NodeType.define({ id: Id.Body, name: BODY })
]).extend(
  styleTags({
    Magic: tags.meta,
    FrameName: tags.definition(tags.variableName),
    MagicOption: tags.attributeName
  })
);

/** One parse of a cell: the first line is taken apart at once, which is all there is to do. */
class CellParse implements PartialParse {
  constructor(input: Input, to: number) {
    this._input = input;
    this._to = to;
  }

  stoppedAt: number | null = null;

  get parsedPos(): number {
    return this._to;
  }

  stopAt(position: number): void {
    this.stoppedAt = position;
  }

  advance(): Tree {
    const source = this._input.read(0, this._to);
    const magic = readMagic(source);
    const children: Tree[] = [];
    const positions: number[] = [];
    const add = (id: Id, from: number, to: number) => {
      const type = nodes.types[id];
      if (type && to > from) {
        children.push(new Tree(type, [], [], to - from));
        positions.push(from);
      }
    };
    const bodyStart = magic ? magic.bodyStart : 0;
    for (const { index, 0: word } of source.slice(0, bodyStart).matchAll(/\S+/g)) {
      const isName = index === magic?.nameStart && magic.name !== null;
      const id = index === 0 ? Id.Magic : isName ? Id.Name : Id.Option;
      add(id, index, index + word.length);
    }
    add(Id.Body, bodyStart, this._to);
    return new Tree(nodes.types[Id.Cell] ?? NodeType.none, children, positions, this._to);
  }

  private readonly _input: Input;
  private readonly _to: number;
}

class CellParser extends Parser {
  constructor(sql: Parser) {
    super();
    this._wrap = parseMixed(node => (node.name === BODY ? { parser: sql } : null));
  }

  createParse(
    input: Input,
    fragments: readonly TreeFragment[],
    ranges: readonly { from: number; to: number }[]
  ): PartialParse {
    const to = ranges[ranges.length - 1]?.to ?? input.length;
    return this._wrap(new CellParse(input, to), input, fragments, ranges);
  }

  private readonly _wrap: ReturnType<typeof parseMixed>;
}

/**
 * The language of a cell whose first line is `%%hogql` or `%%duckdb`: that line, and SQL below it.
 *
 * @param sql - Lab's own language for SQL
 */
export function sqlCellLanguage(sql: Language): Language {
  return new Language(data, new CellParser(sql.parser), [], 'posthog-sql-cell');
}
