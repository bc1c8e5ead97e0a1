import type { Page } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ts from 'typescript';

const SOURCES = resolve(__dirname, '../../src');
const SCHEMA = resolve(__dirname, '../../schema');
const ONE = new Set(['__', 'gettext']);
const MANY = new Set(['_n', 'ngettext']);
/** Between a context and its message, as gettext writes them. */
const CONTEXT = '\u0004';

/** A language in which every message stands between brackets, made from the source itself. */
export interface IPseudoLanguage {
  messages: Record<string, string[] | Record<string, string>>;
  /** Calls of the translator that a tool for translators could not read. */
  unreadable: string[];
}

/** Collect every message of the page. */
export function pseudoLanguage(): IPseudoLanguage {
  const header = {
    domain: 'jupyter_posthog',
    language: 'eo',
    plural_forms: 'nplurals=2; plural=n != 1;'
  };
  const language: IPseudoLanguage = { messages: { '': header }, unreadable: [] };
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter(name => /\.tsx?$/.test(name) && !name.includes('.spec.'))) {
    const path = join(SOURCES, file);
    const source = ts.createSourceFile(
      path,
      readFileSync(path, 'utf8'),
      ts.ScriptTarget.Latest,
      true
    );
    visit(source, language, file);
  }
  for (const file of readdirSync(SCHEMA)) {
    labels(JSON.parse(readFileSync(join(SCHEMA, file), 'utf8')), language);
  }
  return language;
}

function visit(node: ts.Node, language: IPseudoLanguage, file: string): void {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const name = node.expression.name.text;
    const count = ONE.has(name) ? 1 : MANY.has(name) ? 2 : 0;
    const texts = node.arguments.slice(0, count).map(textOf);
    if (count && texts.includes(null)) {
      language.unreadable.push(`${file}: ${node.getText().slice(0, 80)}`);
    } else if (count) {
      language.messages[texts[0] as string] = texts.map(text => `⟦${text}⟧`);
    }
  }
  ts.forEachChild(node, child => visit(child, language, file));
}

function textOf(node: ts.Expression): string | null {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === null || right === null ? null : left + right;
  }
  return null;
}

/** Labels of menus, which Lab itself looks up. */
function labels(value: unknown, language: IPseudoLanguage): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  for (const [name, child] of Object.entries(value)) {
    if (name === 'label' && typeof child === 'string') {
      language.messages[`menu${CONTEXT}${child}`] = [`⟦${child}⟧`];
    }
    labels(child, language);
  }
}

/** Let Lab speak that language from its next start on. */
export async function speakPseudo(page: Page, language: IPseudoLanguage): Promise<void> {
  const body = JSON.stringify({ data: { jupyter_posthog: language.messages }, message: '' });
  await page.route('**/api/translations/*', route =>
    route.fulfill({ status: 200, contentType: 'application/json', body })
  );
}

/** What a person reads or hears below a selector that no translator was asked about. */
export async function untranslated(
  page: Page,
  selector: string,
  data: { within?: string; words?: RegExp } = {}
): Promise<string[]> {
  const found = await page.evaluate(
    ([where, within]) => {
      const said: string[] = [];
      const isData = (node: Element | null) => within !== '' && node?.closest(within) != null;
      for (const root of document.querySelectorAll(where)) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
          const parent = walker.currentNode.parentElement;
          if (parent?.checkVisibility() && !isData(parent)) {
            said.push(walker.currentNode.textContent ?? '');
          }
        }
        for (const element of [root, ...root.querySelectorAll('*')]) {
          for (const name of ['title', 'aria-label', 'placeholder', 'aria-description', 'alt']) {
            const value = element.getAttribute(name);
            if (value && element.checkVisibility() && !isData(element)) {
              said.push(value);
            }
          }
        }
      }
      return said;
    },
    [selector, data.within ?? ''] as const
  );
  return [...new Set(found)].filter(text => /\p{L}{2}/u.test(remainder(text, data.words)));
}

/** What is left of a text without what stands between brackets, and without words that are data. */
function remainder(text: string, words: RegExp | undefined): string {
  let rest = text;
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
  }
  return words ? rest.replace(words, '') : rest;
}
