import { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';
import { connectionTo, startBox, startLab, startLabAt } from './processes';

/** The box's person who may only look (docs/box.md). */
const VERA = {
  POSTHOG_SESSION_COOKIE: 'box-session-of-vera',
  POSTHOG_CSRF_TOKEN: 'box-csrf-of-vera'
};

/** Lab's setting, as the settings editor stores it. */
async function setAutosave(lab: LabPage, value: string): Promise<void> {
  const answer = await fetch(`${lab.url}/lab/api/settings/jupyter-posthog:plugin`, {
    method: 'PUT',
    body: JSON.stringify({ raw: JSON.stringify({ autosave: value }) })
  });
  expect(answer.ok).toBe(true);
  await lab.open();
}

/** Every save fails from now on, as when a proxy stands before a PostHog that is away. */
const AWAY = { method: 'POST', path: '/collab/markdown_save/?$', html: true, times: 1_000 };

test('an autosave while PostHog is away opens no dialog, and arrives by itself', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Away', '# One\n\n\nTwo');
  await lab.openNotebook(shortId);
  await lab.edit(lab.cells.nth(0), () => '# One, mine');
  await box.failNext(AWAY);

  await lab.autosave();
  await lab.autosave();

  await expect(lab.state).toHaveText('Kept here, PostHog does not answer');
  await expect(lab.dialog).toHaveCount(0);
  const toasts = lab.page.locator('.Toastify__toast', { hasText: 'edits' });
  await expect(toasts).toHaveCount(1);
  expect(await lab.isDirty()).toBe(true);
  await lab.edit(lab.cells.nth(1), () => 'Two, typed meanwhile');
  await box.clearFaults();

  await expect.poll(() => box.markdown(shortId)).toBe('# One, mine\n\n\nTwo, typed meanwhile');
  await expect(lab.state).toHaveText('Saved');
  await expect(toasts).toHaveCount(1);
  await expect(toasts).toContainText('Your edits are in PostHog now.');
  expect(await lab.isDirty()).toBe(false);
  await expect(lab.dialog).toHaveCount(0);
});

test('edits outlive Lab’s server and its page: they are offered once and put back', async ({
  page,
  browser
}) => {
  const started = await startBox('cloud');
  const box = new BoxClient(started.ready);
  const connection = connectionTo('cloud', started.ready);
  const first = await startLab(connection);
  const shortId = await box.create('Killed', '# One\n\n\nTwo\n\n\nThree');
  const lab = new LabPage(page, first.url);
  await lab.open();
  await lab.openNotebook(shortId);
  const kept = page.waitForResponse(
    answer => answer.url().includes('/posthog/drafts') && answer.request().method() === 'POST'
  );
  await lab.edit(lab.cells.nth(0), () => '# Typed, never saved');
  await kept;
  await first.process.kill();
  await page.close();
  await box.editElsewhere(shortId, '# One\n\n\nTwo\n\n\nThree, by Grace');

  const second = await startLabAt(first.home, connection);
  const context = await browser.newContext();
  try {
    const other = new LabPage(await context.newPage(), second.url);
    await other.open();
    await other.openNotebook(shortId);
    await expect(other.dialog).toContainText('Edits that were not saved');
    await other.dialog.getByRole('button', { name: 'Put them back' }).click();

    await expect
      .poll(() => box.markdown(shortId))
      .toBe('# Typed, never saved\n\n\nTwo\n\n\nThree, by Grace');
    await expect(other.cells.nth(0)).toContainText('Typed, never saved');
    await expect(other.state).toHaveText('Changed by Grace Hopper, just now — merged');
    await other.command('application:close');
    await expect(other.notebook).toHaveCount(0);
    await other.openNotebook(shortId);
    await expect(other.state).toHaveText('Saved');
    await expect(other.dialog).toHaveCount(0);
  } finally {
    await context.close();
    await second.process.stop();
    await started.process.stop();
  }
});

test('two pages on one notebook keep each other’s edits, and offer no drafts of each other', async ({
  lab,
  box,
  context,
  place
}) => {
  const shortId = await box.create('Two pages', '# One\n\n\nTwo\n\n\nThree');
  const other = new LabPage(await context.newPage(), place.url);
  await lab.openNotebook(shortId);
  await other.open();
  await lab.edit(lab.cells.nth(0), () => '# One, of tab one');
  await expect(lab.state).toHaveText('1 change not in PostHog');
  await other.openNotebook(shortId);
  await other.edit(other.cells.nth(1), () => 'Two, of tab two');
  await expect(other.state).toHaveText('1 change not in PostHog');

  await lab.autosave();
  await other.autosave();

  const both = '# One, of tab one\n\n\nTwo, of tab two\n\n\nThree';
  await expect.poll(() => box.markdown(shortId)).toBe(both);
  for (const one of [lab, other]) {
    await expect(one.cells.nth(0)).toContainText('of tab one');
    await expect(one.cells.nth(1)).toContainText('of tab two');
    await expect(one.dialog).toHaveCount(0);
  }
});

test('one notebook under two paths keeps the edits of both', async ({ lab, box }) => {
  const shortId = await box.create('Two paths', '# One\n\n\nTwo');
  await lab.openNotebook(shortId);
  await lab.edit(lab.cells.nth(0), () => '# One, mine');
  const args = { path: `posthog:env/1/${shortId}.ipynb`, factory: 'Notebook' };
  await lab.command('docmanager:open', args);
  await expect(lab.page.locator('.jp-NotebookPanel')).toHaveCount(2);
  await expect(lab.cells.nth(1)).toContainText('Two');
  await lab.edit(lab.cells.nth(1), () => 'Two, mine');

  await lab.autosave();
  await lab.command('docmanager:save-all');

  await expect.poll(() => box.markdown(shortId)).toBe('# One, mine\n\n\nTwo, mine');
  await expect(lab.dialog).toHaveCount(0);
});

test('what a stale tab takes back is told once and put back with one click', async ({
  lab,
  box
}) => {
  const before = '# One\n\n\nTwo\n\n\nThree';
  const shortId = await box.create('Stale tab', before);
  await lab.openNotebook(shortId);
  await expect.poll(async () => (await box.streams())[shortId] ?? 0).toBe(1);
  await lab.edit(lab.cells.nth(1), () => 'Two, mine');
  await lab.command('docmanager:save');
  await expect.poll(() => box.markdown(shortId)).toContain('Two, mine');

  await box.saveAsGrace(shortId, before.replace('Three', 'Three, by Grace'));
  const toast = lab.page.locator('.Toastify__toast', { hasText: 'took back 1 block' });
  await expect(toast).toHaveCount(1);
  await toast.getByRole('button', { name: 'Put back' }).click();

  await expect.poll(() => box.markdown(shortId)).toBe('# One\n\n\nTwo, mine\n\n\nThree, by Grace');
  await expect(lab.cells.nth(1)).toContainText('Two, mine');
  await expect(lab.cells.nth(2)).toContainText('Three, by Grace');
});

test('with autosave into the draft, only a save by hand goes to PostHog', async ({ lab, box }) => {
  const shortId = await box.create('Draft first', '# One');
  await setAutosave(lab, 'draft');
  await lab.openNotebook(shortId);
  const saves = (await box.saves()).length;
  await lab.edit(lab.cells.nth(0), () => '# Two');

  await lab.autosave();
  await expect(lab.state).toHaveText('1 change not in PostHog');
  expect((await box.saves()).length).toBe(saves);
  await lab.command('docmanager:save');

  await expect.poll(() => box.markdown(shortId)).toBe('# Two');
  await setAutosave(lab, 'posthog');
});

test('who may only look sees it said, saves nothing, and keeps what was typed', async ({
  page
}) => {
  const started = await startBox('cloud');
  const box = new BoxClient(started.ready);
  const shortId = await box.create('Only looked at', '# One');
  const { process, url } = await startLab({
    POSTHOG_HOST: started.ready.url,
    POSTHOG_PROJECT_ID: String(started.ready.project_id),
    ...VERA
  });
  try {
    const lab = new LabPage(page, url);
    await lab.open();
    await lab.openNotebook(shortId);
    await expect(lab.state).toHaveText('View only');
    await lab.edit(lab.cells.nth(0), () => '# Mine');

    await expect(await lab.details()).toContainText('Cell 1 was edited');
    await expect(lab.state).toHaveText('View only');
    expect(await box.saves()).toEqual([]);
    await expect(lab.dialog).toHaveCount(0);
  } finally {
    await process.stop();
    await started.process.stop();
  }
});
