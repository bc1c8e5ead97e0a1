import type { Page } from '@playwright/test';
import type { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';
import { pseudoLanguage, speakPseudo, untranslated } from './pseudo';

test.use({ boxOf: 'pseudo' });

const language = pseudoLanguage();
const MARKDOWN = [
  '# Weekly funnel',
  '<SQLV2 nodeId="q1" title="Orders" code="SELECT 1 AS one" returnVariable="orders" />',
  '<PythonV2 nodeId="p1" code="print(1)" returnVariable="df" />',
  '<Recording id="0191c3e0" timestampMs={84000} />',
  '<Insight id="aB3dE5gH" />',
  '<RoadmapCard nodeId="odd" size={2} />'
].join('\n\n');

/** Names of what the box holds and of PostHog itself, and what Lab or its server has translated by itself. */
const WORDS =
  /main area content|Export|PostHog|Jupyter|Python|HogQL|Markdown|HTML|ipynb|phx_…|Hedgebox|Web app|Mobile app|env\b/g;

async function start(page: Page, url: string): Promise<LabPage> {
  await page.setViewportSize({ width: 1920, height: 1000 }); // messages are longer, and all of a toolbar counts
  await speakPseudo(page, language);
  const lab = new LabPage(page, url);
  await lab.open();
  await lab.showPanel();
  return lab;
}

async function opened(lab: LabPage, box: BoxClient): Promise<string> {
  const shortId = await box.create('Pseudo', MARKDOWN);
  await lab.openNotebook(shortId);
  await expect(lab.cells.nth(1)).toBeVisible();
  return shortId;
}

test('every message can be read by a tool for translators', () => {
  expect(language.unreadable).toEqual([]);
  expect(Object.keys(language.messages).length).toBeGreaterThan(300);
});

test('the sidebar says nothing without the translator', async ({ page, place }) => {
  const lab = await start(page, place.url);
  const data = {
    within: '.jp-PosthogRow-title, .jp-PosthogRow-author, time, .jp-PosthogHeader h2',
    words: WORDS
  };
  await expect(lab.panel.getByRole('listbox')).toBeVisible();
  expect(await untranslated(page, '#jp-posthog-panel', data)).toEqual([]);

  await lab.panel.getByRole('searchbox').fill('nowhere to be found');
  await expect(lab.panel.locator('.jp-PosthogNotice')).toBeVisible();
  expect(await untranslated(page, '#jp-posthog-panel', data)).toEqual([]);
});

test('commands and menus say nothing without the translator', async ({ page, place }) => {
  await start(page, place.url);
  const labels = await page.evaluate(() => {
    const { commands } = (window as unknown as { jupyterapp: ILabels }).jupyterapp;
    return commands
      .listCommands()
      .filter(id => id.startsWith('posthog:'))
      .map(id => [id, commands.label(id), commands.caption(id)]);
  });
  expect(labels.length).toBeGreaterThan(20);
  for (const [id, ...texts] of labels) {
    for (const text of texts.filter(Boolean)) {
      expect(text, id).toMatch(/⟦/);
    }
  }
  await page.locator('.lm-MenuBar-item', { hasText: 'PostHog' }).click();
  await expect(page.locator('.lm-Menu')).toBeVisible();
  expect(
    await untranslated(page, '.lm-Menu', { within: '.lm-Menu-itemShortcut', words: WORDS })
  ).toEqual([]);
});

test('an open notebook says nothing without the translator', async ({ page, place }) => {
  const lab = await start(page, place.url);
  await opened(lab, place.box);
  await lab.run(lab.cells.nth(1));
  const own = '[class*="jp-Posthog"]';
  const data = {
    within:
      '#jp-posthog-panel, time, pre, code, .jp-RenderedHTML, .jp-PosthogCard-text, .cm-editor, [data-raw]',
    words: new RegExp(`${WORDS.source}|Pseudo|Orders|orders|RoadmapCard|0191c3e0|aB3dE5gH`, 'g')
  };
  expect(await untranslated(page, own, data)).toEqual([]);
  const details = await lab.details();
  expect(await untranslated(page, '.jp-PosthogPopover', data)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await lab.command('posthog:show-kernel');
  await expect(page.getByRole('combobox').first()).toBeVisible();
  expect(await untranslated(page, '.lm-Widget.jp-HoverBox, .jp-StatusBar-HoverItem', data)).toEqual(
    []
  );
  await page.keyboard.press('Escape');
});

test('pages about the past and about what works say nothing without the translator', async ({
  page,
  place
}) => {
  const lab = await start(page, place.url);
  const shortId = await opened(lab, place.box);
  await expect.poll(async () => (await place.box.streams())[shortId]).toBe(1);
  await place.box.saveAsGrace(shortId, MARKDOWN.replace('Weekly', 'Daily'));
  const data = {
    within: 'time, pre, .jp-PosthogPreview',
    words: new RegExp(`${WORDS.source}|Pseudo|Grace|Ada|Hopper|Lovelace|posthog|http`, 'g')
  };
  await lab.command('posthog:show-history');
  const past = page.locator('.jp-PosthogPast:visible');
  await past.locator('.jp-PosthogHistory-choice').last().click();
  await expect(past.locator('ins')).toBeVisible();
  expect(await untranslated(page, '.jp-PosthogPast', data)).toEqual([]);
  for (const command of ['posthog:show-activity', 'posthog:show-recording-comments']) {
    await lab.command(command);
    await expect(past.locator('h1')).toBeVisible();
    expect(await untranslated(page, '.jp-PosthogPast', data), command).toEqual([]);
  }
  await page.evaluate(() => {
    // It ends with its dialog.
    const { commands } = (window as unknown as { jupyterapp: ILabels }).jupyterapp;
    void commands.execute('posthog:connect');
  });
  await expect(lab.dialog).toBeVisible();
  expect(await untranslated(page, '.jp-Dialog-body', { words: WORDS })).toEqual([]);
});

interface ILabels {
  commands: {
    execute(id: string): Promise<unknown>;
    listCommands(): string[];
    label(id: string): string;
    caption(id: string): string;
  };
}
