import AxeBuilder from '@axe-core/playwright';
import { writeFileSync } from 'node:fs';
import { expect, ILabWindow, LabPage, test } from './fixtures';

const RECORDING = '<Recording nodeId="r1" id="0191c3e0" timestampMs={84000} />';
const NOTEBOOK = [
  '# Cards',
  '',
  RECORDING,
  '',
  '<Hologram  depth={3}   colour="<b>red</b>" />',
  '',
  '<SQLV2 nodeId="s1" title="Orders" code="SELECT event FROM events LIMIT 3" returnVariable="orders" />',
  '',
  '<PythonV2 nodeId="p1" code="len(orders)" returnVariable="df" />'
].join('\n');

const card = (lab: LabPage, place: number) => lab.cells.nth(place).locator('.jp-PosthogCard');

async function sources(lab: LabPage): Promise<string[]> {
  return lab.page.evaluate(() =>
    (window as unknown as ILabWindow).jupyterapp.shell.currentWidget.content.widgets.map(cell =>
      cell.model.sharedModel.getSource()
    )
  );
}

async function violations(lab: LabPage, ...places: string[]): Promise<unknown[]> {
  let builder = new AxeBuilder({ page: lab.page });
  places.forEach(place => (builder = builder.include(place)));
  const found = await builder.analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

test('an embed is a card whose text can be edited, and the rest is saved as it was', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Cards', NOTEBOOK);
  await lab.openNotebook(shortId);
  const recording = card(lab, 1);
  await expect(recording).toContainText('Recording');
  await expect(recording).toContainText('from 1:24');
  await expect(recording.getByRole('link')).toHaveAttribute(
    'href',
    /^http:\/\/127\.0\.0\.1:\d+\/project\/1\/replay\/0191c3e0\?t=84$/
  );
  await expect(card(lab, 2)).toContainText('<Hologram  depth={3}   colour="<b>red</b>" />');
  await expect(card(lab, 2).locator('b')).toHaveCount(0);
  const places = ['.jp-PosthogCard', '.jp-PosthogStrip', '.jp-PosthogToolbar'];
  expect(await violations(lab, ...places)).toEqual([]);

  await recording.getByRole('button', { name: 'edit tag' }).press('Enter');
  const editor = lab.cells.nth(1).locator('.cm-content');
  await expect(editor).toBeFocused();
  await lab.page.keyboard.press('Control+a');
  await lab.page.keyboard.insertText(RECORDING.replace('84000', '90000'));
  await lab.page.keyboard.press('Escape');
  await expect(editor).toBeHidden();
  await expect(recording).toContainText('from 1:30');

  await lab.command('docmanager:save');
  await expect(lab.state).toHaveText('Saved');
  expect(await box.markdown(shortId)).toBe(NOTEBOOK.replace('84000', '90000'));
});

test('the keys of a notebook lead into a card and out of it', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('Keys', NOTEBOOK));
  await lab.cells.nth(0).click();
  await lab.page.keyboard.press('Escape');
  await lab.page.keyboard.press('ArrowDown');
  await lab.page.keyboard.press('Enter');
  await expect(lab.cells.nth(1).locator('.cm-content')).toBeFocused();

  await lab.page.keyboard.press('Shift+Enter');
  await expect(card(lab, 1)).toContainText('Recording');

  await card(lab, 2).dblclick();
  await expect(lab.cells.nth(2).locator('.cm-content')).toBeFocused();
  // Pressed while the text is there, the button leads back.
  await lab.cells.nth(2).getByRole('button', { name: 'edit tag' }).click();
  await expect(lab.cells.nth(2).locator('.cm-content')).toBeHidden();
  await expect(card(lab, 2)).toContainText('Hologram');
});

test('a card stays one when its cell is moved, taken back, copied and reloaded', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Moves', NOTEBOOK);
  await lab.openNotebook(shortId);
  await lab.cells.nth(1).locator('.jp-InputPrompt').click();
  await lab.command('notebook:move-cell-down');
  await expect(card(lab, 2)).toContainText('Recording');
  await lab.command('notebook:undo-cell-action');
  await expect(card(lab, 1)).toContainText('Recording');

  await lab.cells.nth(1).locator('.jp-InputPrompt').click();
  await lab.command('notebook:copy-cell');
  await lab.command('notebook:paste-cell-below');
  await expect(card(lab, 2)).toContainText('Recording');
  await lab.command('docmanager:save');
  await expect(lab.state).toHaveText('Saved');

  await lab.page.reload();
  await lab.page.waitForFunction(() => 'jupyterapp' in window);
  await expect(card(lab, 1)).toContainText('Recording');
  await expect(card(lab, 2)).toContainText('Recording');
  await expect(lab.dialog).toHaveCount(0);
  await lab.kernelReady();
});

test('the cards of a long notebook are drawn when they come into view', async ({ lab, box }) => {
  const prose = Array.from({ length: 80 }, (_, n) => `Part ${n}\n\n\n`).join('');
  await lab.openNotebook(await box.create('Long', `${prose}${RECORDING}`));
  const last = lab.notebook.locator('.jp-RawCell .jp-PosthogCard');

  await lab.command('notebook:move-cursor-down');
  await lab.page.evaluate(() => {
    const { content } = (window as unknown as ILabWindow).jupyterapp.shell.currentWidget;
    (content as unknown as { activeCellIndex: number }).activeCellIndex =
      content.widgets.length - 1;
  });
  await lab.page.keyboard.press('End');
  await last.scrollIntoViewIfNeeded();

  await expect(last).toContainText('from 1:24');
});

test('SQL is shown as SQL, and a column is completed', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('SQL', NOTEBOOK));
  const editor = lab.cells.nth(3).locator('.cm-content');
  const styleOf = (text: string) =>
    editor
      .locator('span', { hasText: new RegExp(`^${text}$`) })
      .first()
      .getAttribute('class');
  await expect(editor.locator('span', { hasText: /^SELECT$/ })).toHaveCount(1);
  expect(await styleOf('SELECT')).toBe(await styleOf('LIMIT'));
  expect(await styleOf('SELECT')).not.toBe(await styleOf('%%hogql'));

  await editor.click();
  await lab.page.keyboard.press('Control+End');
  await lab.page.keyboard.press('Home');
  await lab.page.keyboard.type('WITH x AS (SELECT distinct_');
  await lab.page.keyboard.press('Tab');

  // The one that fits is put there at once, or offered.
  const offered = lab.page.locator('.jp-Completer-item', { hasText: 'distinct_id' });
  const isThere = async () =>
    (await offered.count()) > 0 || (await sources(lab))[3]?.includes('distinct_id');
  await expect.poll(isThere).toBe(true);
});

test('title and name of a result are edited, and saved where they belong', async ({ lab, box }) => {
  const shortId = await box.create('Names', NOTEBOOK);
  await lab.openNotebook(shortId);
  const [sql, python] = [lab.cells.nth(3), lab.cells.nth(4)];
  await expect(sql.getByRole('button', { name: 'Title of the cell: Orders' })).toBeVisible();
  await expect(python.locator('.jp-PosthogStrip-uses')).toHaveText('usesorders');

  await sql.getByRole('button', { name: 'Name of the result: orders' }).click();
  const name = sql.getByRole('textbox', { name: /Name of the result/ });
  await name.fill('two words');
  await expect(sql.getByRole('alert')).toContainText('letters, digits and _');
  await name.press('Enter');
  await expect(name).toBeVisible();
  await name.fill('sales');
  await name.press('Enter');
  expect((await sources(lab))[3]).toBe('%%hogql sales\nSELECT event FROM events LIMIT 3');

  await sql.getByRole('button', { name: 'Title of the cell: Orders' }).click();
  await sql.getByRole('textbox', { name: 'Title of the cell' }).fill('Sales <b>now</b>');
  await lab.page.keyboard.press('Enter');
  await python.getByRole('button', { name: 'Name of the result: df' }).click();
  await python.getByRole('textbox', { name: /Name of the result/ }).fill('');
  await lab.page.keyboard.press('Enter');
  await expect(python.getByRole('button', { name: 'The result has no name' })).toBeVisible();
  expect(await violations(lab, '.jp-PosthogStrip')).toEqual([]);

  await lab.command('docmanager:save');
  await expect(lab.state).toHaveText('Saved');
  expect(await box.markdown(shortId)).toBe(
    NOTEBOOK.replace('title="Orders"', 'title="Sales <b>now</b>"')
      .replace('returnVariable="orders"', 'returnVariable="sales"')
      .replace('returnVariable="df"', 'returnVariable=""')
  );
});

test('what is older than its code is marked, and run by one command', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('Stale', NOTEBOOK));
  const [sql, python] = [lab.cells.nth(3), lab.cells.nth(4)];
  await lab.kernelReady();
  await lab.command('posthog:run-stale');
  await expect(python.locator('.jp-InputPrompt')).toHaveText('[2]:', { timeout: 60_000 });
  await expect(lab.notebook.locator('.jp-PosthogStrip-stale')).toHaveCount(0);

  await sql.locator('.cm-content').click();
  await lab.page.keyboard.press('Control+End');
  await lab.page.keyboard.type('0');
  await expect(sql.locator('.jp-PosthogStrip-stale')).toHaveText('stale');
  await lab.command('docmanager:save');
  await expect(lab.state).toHaveText('Saved');
  await expect(python.locator('.jp-PosthogStrip-stale')).toHaveText('stale');

  await lab.command('posthog:run-stale');
  await expect(python.locator('.jp-InputPrompt')).toHaveText('[4]:', { timeout: 60_000 });
  await expect(lab.notebook.locator('.jp-PosthogStrip-stale')).toHaveCount(0);
});

test('legacy cells are rescued, and shown so', async ({ lab, box }) => {
  const old = '<UnknownNode nodeType="ph-python" nodeId="o1" code="print(1)" />';
  const shortId = await box.create('Legacy', `# Old\n\n${old}`);
  await lab.openNotebook(shortId);
  await expect(lab.cells.nth(1)).toHaveClass(/jp-CodeCell/);

  await lab.command('posthog:rescue-legacy-cells');

  await expect.poll(() => box.markdown(shortId)).toContain('<PythonV2 nodeId="o1"');
  await expect(
    lab.page.locator('.Toastify__toast', { hasText: '1 legacy cell runs again' })
  ).toHaveCount(1);
  expect((await sources(lab))[1]).toBe('print(1)');
});

test('variables are edited, kept in PostHog, and read by the kernel', async ({ lab, box }) => {
  const code = 'SELECT {region} AS region';
  const shortId = await box.create('Variables', `<SQLV2 nodeId="s1" code="${code}" />`);
  await lab.openNotebook(shortId);
  await lab.kernelReady();
  await lab.notebook.getByRole('button', { name: 'Variables of this notebook' }).click();
  await lab.dialog.getByRole('button', { name: 'Add variable' }).click();
  await lab.dialog.getByRole('textbox', { name: 'Name' }).fill('filters');
  await lab.dialog.getByRole('textbox', { name: 'Value' }).fill('north');
  expect(await violations(lab, '.jp-PosthogVariables')).toEqual([]);
  await lab.dialog.getByRole('button', { name: 'Save variables' }).click();
  await expect(lab.dialog.getByRole('alert')).toContainText('“filters” cannot be used');

  await lab.dialog.getByRole('textbox', { name: 'Name' }).fill('region');
  await lab.dialog.getByRole('button', { name: 'Save variables' }).click();
  await expect(lab.dialog).toHaveCount(0);
  await lab.run(lab.cells.nth(0));

  await expect(lab.cells.nth(0).locator('.jp-PosthogFrame')).toHaveAttribute(
    'aria-label',
    'Frame sql_df: 1 row · 1 column'
  );
  await lab.cells.nth(0).getByRole('button', { name: 'As table' }).click();
  await expect(lab.cells.nth(0).locator('td')).toHaveText('north');
});

test('the toolbar leads to the notebook in PostHog', async ({ lab, box }) => {
  const shortId = await box.create('Linked', NOTEBOOK);
  await lab.openNotebook(shortId);

  await expect(lab.notebook.locator('.jp-PosthogToolbar a')).toHaveAttribute(
    'href',
    new RegExp(`/project/1/notebooks/${shortId}$`)
  );
});

test('everything is run on PostHog, from a local kernel after a question', async ({ lab, box }) => {
  const shortId = await box.create('Run all', NOTEBOOK);
  await lab.openNotebook(shortId);
  await lab.kernelReady();
  await lab.page.evaluate(async () => {
    const { sessionContext } = (window as unknown as ILabWindow).jupyterapp.shell.currentWidget;
    const context = sessionContext as unknown as {
      changeKernel: (wanted: { name: string }) => Promise<void>;
    };
    await context.changeKernel({ name: 'posthog-local' });
  });
  await expect(lab.notebook.locator('.jp-Toolbar-kernelName')).toHaveText('PostHog (local Python)');

  // Ends only with the cells.
  void lab.command('posthog:run-all-remotely').catch(() => undefined);
  await expect(lab.dialog).toContainText('would change to “PostHog (remote)”');
  await lab.dialog.getByRole('button', { name: 'Run on PostHog' }).click();

  const python = lab.cells.nth(4);
  await expect(python.locator('.jp-OutputArea-output')).toHaveText('3', { timeout: 60_000 });
  await expect(lab.notebook.locator('.jp-Toolbar-kernelName')).toHaveText('PostHog (remote)');
});

test('SQL is completed in a notebook of the disk that the local kernel runs', async ({
  lab,
  place
}) => {
  const cell = { cell_type: 'code', id: 'c1', metadata: {}, execution_count: null, outputs: [] };
  const source = '%%hogql orders\nSELECT distinct_ FROM events';
  const kernelspec = { name: 'posthog-local', display_name: 'x', language: 'python' };
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec } };
  const content = { ...notebook, cells: [{ ...cell, source }] };
  writeFileSync(`${place.notebooks}/sql.ipynb`, JSON.stringify(content));
  await lab.command('docmanager:open', { path: 'sql.ipynb' });
  await expect(lab.notebook.locator('.jp-Toolbar-kernelName')).toHaveText('PostHog (local Python)');
  const indicator = lab.notebook.locator('.jp-Notebook-ExecutionIndicator');
  await expect(indicator).toHaveAttribute('data-status', 'idle');

  await lab.cells.nth(0).locator('.cm-content').click();
  await lab.page.keyboard.press('Control+Home');
  await lab.page.keyboard.press('ArrowDown');
  for (let step = 0; step < 'SELECT distinct_'.length; step++) {
    await lab.page.keyboard.press('ArrowRight');
  }
  const isThere = async () => {
    await lab.page.keyboard.press('Tab');
    const offered = lab.page.locator('.jp-Completer-item', { hasText: 'distinct_id' });
    return (await offered.count()) > 0 || (await sources(lab))[0]?.includes('distinct_id');
  };

  // The tables are asked for at the first key.
  await expect.poll(isThere).toBe(true);
});

test('cards and lines above code are readable in the dark and on a phone', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('Dark cards', NOTEBOOK));
  await expect(card(lab, 2)).toBeVisible();
  await lab.command('apputils:change-theme', { theme: 'JupyterLab Dark' });
  await expect(lab.page.locator('body')).toHaveAttribute('data-jp-theme-light', 'false');
  const places = ['.jp-PosthogCard', '.jp-PosthogStrip', '.jp-PosthogToolbar'];
  expect(await violations(lab, ...places)).toEqual([]);
  await lab.page.screenshot({ path: 'test-results/cells-dark.png' });

  await lab.command('application:toggle-left-area');
  await lab.page.setViewportSize({ width: 390, height: 844 });
  await expect(card(lab, 1)).toContainText('Recording');
  const width = await card(lab, 2).evaluate(node => node.scrollWidth - node.clientWidth);
  expect(width).toBe(0);
  await lab.page.screenshot({ path: 'test-results/cells-phone.png' });
  await lab.command('apputils:change-theme', { theme: 'JupyterLab Light' });
});
