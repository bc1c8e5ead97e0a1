import { readFileSync } from 'node:fs';
import { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';

test.use({ boxOf: 'sidebar_commands' });

test.beforeEach(async ({ lab }) => {
  await expect(lab.page.locator('.jp-Launcher')).toBeFocused();
});

/** Make notebooks and show them. */
async function given(lab: LabPage, box: BoxClient, ...titles: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const title of titles) {
    ids.push(await box.create(title, `# ${title}`));
  }
  await lab.command('posthog:refresh');
  await expect(lab.row(titles[0] ?? '')).toBeVisible();
  return ids;
}

/** Our toasts; Lab asks about news in one of its own. */
const toast = (lab: LabPage) => lab.page.locator('.Toastify__toast--success');

test('F2 renames in the row, also what is open, and says what PostHog refuses', async ({
  lab,
  box,
  page
}) => {
  const [id = ''] = await given(lab, box, 'Before');
  await lab.openFromList('Before');
  await lab.row('Before').click();

  await page.keyboard.press('F2');
  const field = lab.panel.getByRole('textbox', { name: 'New title' });
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('Before');
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
  await expect(lab.panel.getByRole('listbox')).toBeFocused();
  await page.keyboard.press('F2');
  await field.fill('After/all 🦔');
  await page.keyboard.press('Enter');

  await expect(lab.row('After/all 🦔')).toBeVisible();
  await expect.poll(async () => (await box.record(id)).title).toBe('After/all 🦔');
  await expect(lab.page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab')).toContainText([
    'After∕all 🦔'
  ]);
  await page.keyboard.press('F2');
  await field.fill('x'.repeat(257));
  await page.keyboard.press('Enter');
  await expect(lab.dialog).toContainText('Nothing was changed; choose another name.');
  await page.keyboard.press('Enter');
  await expect(lab.row('After/all 🦔')).toBeVisible();
});

test('Delete moves to the trash, Undo and the section below bring back', async ({
  lab,
  box,
  page
}) => {
  const [one = '', two = ''] = await given(lab, box, 'Trash one', 'Trash two');
  await lab.row('Trash one').click();
  await page.keyboard.press('Delete');

  await expect(lab.row('Trash one')).toHaveCount(0);
  await expect(toast(lab)).toContainText('“Trash one” was moved to the trash.');
  expect(await box.isInTrash(one)).toBe(true);
  await toast(lab).getByRole('button', { name: 'Undo' }).click();
  await expect(lab.row('Trash one')).toBeVisible();
  expect(await box.isInTrash(one)).toBe(false);
  await expect(toast(lab)).toHaveCount(1);

  await lab.row('Trash one').click();
  await lab.row('Trash two').click({ modifiers: ['Control'] });
  await page.keyboard.press('Delete');
  await expect(toast(lab)).toContainText('2 notebooks were moved to the trash.');
  await lab.panel.getByRole('button', { name: 'Trashed here' }).click();
  const shelf = lab.panel.getByRole('region', { name: 'Trashed here' });
  await shelf.getByRole('button', { name: 'Restore “Trash two”' }).click();
  await expect(lab.row('Trash two')).toBeVisible();
  await expect(shelf).not.toContainText('Trash two');
  await expect(lab.row('Trash one')).toHaveCount(0);
  await lab.command('posthog:restore');

  await expect(lab.row('Trash one')).toBeVisible();
  expect([await box.isInTrash(one), await box.isInTrash(two)]).toEqual([false, false]);
});

test('many are asked about first', async ({ lab, box, page }) => {
  const titles = ['Many 1', 'Many 2', 'Many 3', 'Many 4'];
  const [one = ''] = await given(lab, box, ...titles);
  await lab.row('Many 1').click();
  await lab.row('Many 4').click({ modifiers: ['Shift'] });

  await page.keyboard.press('Delete');
  await expect(lab.dialog).toContainText('Move 4 notebooks to the trash?');
  await lab.dialog.getByRole('button', { name: 'Cancel' }).click();

  expect(await box.isInTrash(one)).toBe(false);
  await expect(lab.row('Many 1')).toBeVisible();
});

test('an open notebook is told when it is trashed, and its tab has the same commands', async ({
  lab,
  box,
  page
}) => {
  const [id = ''] = await given(lab, box, 'Open and trashed');
  await lab.openFromList('Open and trashed');
  const tab = page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab', { hasText: 'Open and trashed' });

  await tab.click({ button: 'right' });
  const menu = page.locator('.lm-Menu').last();
  await expect(menu.getByText('Open in PostHog')).toBeVisible();
  await menu.getByText('Move to Trash', { exact: true }).click();

  await expect(toast(lab)).toContainText('What is open stays open');
  expect(await box.isInTrash(id)).toBe(true);
  await toast(lab).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => box.isInTrash(id)).toBe(false);
});

test('a duplicate opens beside its original', async ({ lab, box }) => {
  const [id = ''] = await given(lab, box, 'Original');

  await lab.command('posthog:duplicate', { short_id: id });

  await expect(lab.row('Original (copy)')).toContainText('Open in this page');
  await expect(lab.cells.first()).toContainText('Original');
});

test('links are copied and opened', async ({ lab, box, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const [id = '', other = ''] = await given(lab, box, 'Linked', 'Linked too');
  const address = (shortId: string) => `${box.url}/project/1/notebooks/${shortId}`;
  await lab.row('Linked').click();
  await lab.row('Linked too').click({ modifiers: ['Control'] });

  await lab.command('posthog:copy-link');
  await expect(toast(lab)).toContainText('2 links were copied.');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split('\n').sort()).toEqual([address(id), address(other)].sort());
  const opening = context.waitForEvent('page');
  await lab.command('posthog:open-in-posthog', { short_id: id });

  const opened = await opening;
  expect(opened.url()).toBe(address(id));
  await opened.close();
});

test('a notebook is opened by its address or short id, and what is neither gets a sentence', async ({
  lab,
  box,
  page
}) => {
  const [id = ''] = await given(lab, box, 'By reference');
  void lab.command('posthog:open-reference');
  await lab.dialog.getByRole('textbox').fill(`${box.url}/project/1/notebooks/${id}`);
  await page.keyboard.press('Enter');
  await expect(lab.cells.first()).toContainText('By reference');

  const cases = [
    ['My weekly funnel', 'is neither the short id of a notebook nor its address'],
    ['https://elsewhere.example/project/1/notebooks/abc', 'No connection leads to'],
    ['nosuch404', 'PostHog has no such notebook']
  ];
  for (const [reference, words] of cases) {
    void lab.command('posthog:open-reference', { reference });
    await expect(lab.dialog).toContainText(words ?? '');
    await page.keyboard.press('Enter');
    await expect(lab.dialog).toHaveCount(0);
  }
});

test('files are imported as new notebooks, and no others', async ({ lab, page }) => {
  const notebook = {
    cells: [{ cell_type: 'markdown', id: 'a', metadata: {}, source: '# Imported text' }],
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  };
  const file = (name: string, content: unknown) => ({
    name,
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(content))
  });
  const choose = async (...files: ReturnType<typeof file>[]) => {
    const choosing = page.waitForEvent('filechooser');
    void lab.command('posthog:import-files');
    await (await choosing).setFiles(files);
  };
  await choose(file('Plan.ipynb', notebook));

  await expect(lab.row('Plan')).toContainText('Open in this page');
  await expect(lab.cells.first()).toContainText('Imported text');
  await choose(file('No notebook.ipynb', { cells: 'none' }));
  await expect(lab.dialog).toContainText('“No notebook.ipynb” holds no Jupyter notebook');
  await page.keyboard.press('Enter');
  await choose(file('First.ipynb', notebook), file('Second.ipynb', notebook));

  await expect(toast(lab)).toContainText('Imported 2 notebooks.');
  await expect(lab.row('First')).toBeVisible();
  await expect(lab.row('Second')).toBeVisible();
});

test('one notebook is exported as a file, several as an archive', async ({ lab, box, page }) => {
  await given(lab, box, 'Export one', 'Export two');
  await lab.row('Export one').click();
  const first = page.waitForEvent('download');
  await lab.command('posthog:export', { format: 'markdown' });
  const one = await first;
  expect(one.suggestedFilename()).toMatch(/^Export one \[\w+\]\.md$/);
  expect(readFileSync(await one.path(), 'utf-8')).toContain('# Export one');

  await lab.row('Export two').click({ modifiers: ['Control'] });
  const second = page.waitForEvent('download');
  await lab.command('posthog:export', { format: 'ipynb' });
  const archive = await second;

  expect(archive.suggestedFilename()).toBe('PostHog notebooks.zip');
  expect(
    readFileSync(await archive.path())
      .subarray(0, 2)
      .toString()
  ).toBe('PK');
});

test('an address of Lab opens a notebook, once', async ({ lab, box, page }) => {
  const [id = ''] = await given(lab, box, 'Deep link');
  const link = encodeURIComponent(`${box.url}/project/1/notebooks/${id}`);

  await lab.open(`/lab?reset&posthog=${link}`);
  await expect(lab.cells.first()).toContainText('Deep link');
  expect(page.url()).not.toContain('posthog=');
  await lab.open('/lab?posthog=not%20a%20notebook');

  await expect(lab.dialog).toContainText('“not a notebook” is neither the short id');
});

test('every command is in the palette or a menu, described, and the launcher makes a notebook', async ({
  lab,
  page
}) => {
  const described = await page.evaluate(async () => {
    const { commands } = (window as unknown as { jupyterapp: ICommands }).jupyterapp;
    const ids = commands.listCommands().filter(id => id.startsWith('posthog:'));
    const all = await Promise.all(
      ids.map(async id => [id, await commands.describedBy(id)] as const)
    );
    return all.filter(([, { args }]) => args === null).map(([id]) => id);
  });
  expect(described).toEqual([]);
  await page.getByRole('menuitem', { name: 'PostHog', exact: true }).click();
  await expect(page.locator('.lm-Menu').last()).toContainText('Import Notebooks into PostHog…');
  await page.keyboard.press('Escape');

  await page.locator('.jp-LauncherCard[title="Create a notebook in PostHog"]').click();

  await expect(lab.notebook).toBeVisible();
});

interface ICommands {
  commands: {
    listCommands(): string[];
    describedBy(id: string): Promise<{ args: unknown }>;
  };
}
