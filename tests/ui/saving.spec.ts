import { expect, test } from './fixtures';

test.describe('Saving', () => {
  test('typing while a save is held keeps the notebook dirty, and the next save stores it', async ({
    lab,
    box
  }) => {
    const shortId = await box.create('Held', '# One\n\n\nTwo');
    await lab.command('posthog:refresh');
    await lab.openFromList('Held');
    const held = await box.holdNextSave();

    await lab.edit(lab.cells.nth(0), () => '# One, edited');
    const saving = lab.command('docmanager:save');
    await held.met();
    await lab.edit(lab.cells.nth(1), () => 'Two, typed meanwhile');
    await held.release();
    await saving;

    await expect.poll(() => box.markdown(shortId)).toBe('# One, edited\n\n\nTwo');
    expect(await lab.isDirty()).toBe(true);
    await lab.command('docmanager:save');
    await expect.poll(() => box.markdown(shortId)).toBe('# One, edited\n\n\nTwo, typed meanwhile');
    expect(await lab.isDirty()).toBe(false);
  });

  test('a new cell takes the identity that PostHog stores, and saving again sends nothing', async ({
    lab,
    box
  }) => {
    const shortId = await box.create('New cell', '# One');
    await lab.command('posthog:refresh');
    await lab.openFromList('New cell');
    await lab.cells.nth(0).click();
    await lab.command('notebook:insert-cell-below');
    await lab.cells.nth(1).locator('.cm-content').click();
    await lab.page.keyboard.insertText('print("fresh")');

    await lab.command('docmanager:save');

    await expect.poll(() => box.markdown(shortId)).toContain('<PythonV2 nodeId=');
    const saves = (await box.saves()).length;
    await lab.command('docmanager:save');
    await lab.run(lab.cells.nth(1));
    await expect(lab.cells.nth(1).locator('.jp-OutputArea-output')).toContainText('fresh');
    expect((await box.saves()).length).toBe(saves);
  });
});

test.describe('Drafts', () => {
  test('what was typed is kept on the server before anything is saved', async ({ lab, box }) => {
    await box.create('Draft', '# One');
    await lab.command('posthog:refresh');
    await lab.openFromList('Draft');
    const kept = lab.page.waitForResponse(
      answer => answer.url().includes('/posthog/drafts') && answer.request().method() === 'POST'
    );

    await lab.edit(lab.cells.nth(0), () => '# Typed and not saved');

    expect((await kept).status()).toBe(201);
    expect((await kept).request().postData()).toContain('Typed and not saved');
  });
});

test.describe('Renaming', () => {
  test('changes the title, keeps the identity, and the next save goes to the same notebook', async ({
    lab,
    box
  }) => {
    const shortId = await box.create('Old title', '# One');
    await lab.command('posthog:refresh');
    await lab.openFromList('Old title');

    const path = await lab.rename('A/B, renamed.ipynb'.replace('/', '∕'));
    await lab.edit(lab.cells.nth(0), () => '# Two');
    await lab.command('docmanager:save');

    expect(path).toBe(`posthog:env/1/A∕B, renamed [${shortId}].ipynb`);
    await expect.poll(() => box.markdown(shortId)).toBe('# Two');
    expect((await box.record(shortId)).title).toBe('A/B, renamed');
  });
});

test.describe('Opening', () => {
  test('a notebook that is only opened stays clean, and closing it asks nothing', async ({
    lab,
    box
  }) => {
    await box.create('Only opened', '# One\n\n<PythonV2 nodeId="p" code="1" />');
    await lab.command('posthog:refresh');
    await lab.openFromList('Only opened');
    await lab.kernelReady();

    expect(await lab.isDirty()).toBe(false);
    await lab.command('application:close');

    await expect(lab.notebook).toHaveCount(0);
    await expect(lab.page.locator('.jp-Dialog')).toHaveCount(0);
  });
});

test.describe('Layout', () => {
  test('a reload brings the notebook and the panel back', async ({ lab, box }) => {
    await box.create('Restored', '# Restored text');
    await lab.command('posthog:refresh');
    await lab.openFromList('Restored');
    const stored = lab.page.waitForResponse(
      answer => answer.url().includes('/api/workspaces') && answer.request().method() === 'PUT'
    );
    await stored;

    await lab.open('/lab');

    await expect(lab.panel).toBeVisible();
    await expect(lab.notebook).toContainText('Restored text');
  });

  test('a notebook opens once, whatever path leads to it', async ({ lab, box }) => {
    const shortId = await box.create('Once', '# Once');
    await lab.command('posthog:refresh');
    await lab.openFromList('Once');
    const args = { connection: 'env', project_id: 1, short_id: shortId };

    await lab.command('posthog:open-notebook', args);
    await lab.command('posthog:open-notebook', args);

    await expect(lab.page.locator('.jp-NotebookPanel')).toHaveCount(1);
  });
});
