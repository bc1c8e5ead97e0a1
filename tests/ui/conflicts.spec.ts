import AxeBuilder from '@axe-core/playwright';
import type { BoxClient } from './box';
import { expect, LabPage, test } from './fixtures';

const BLOCKS = '# Weekly funnel\n\n\nWe saw growth.\n\n\nThe end.';
const MINE = 'We saw **12 %** growth.';
const THEIRS = 'We saw 11.8 % growth.';

/** A notebook whose second block both sides changed, and whose last one a colleague changed; met by an autosave. */
async function meet(lab: LabPage, box: BoxClient, title: string): Promise<string> {
  const shortId = await box.create(title, BLOCKS);
  await lab.openNotebook(shortId);
  await lab.edit(lab.cells.nth(1), () => MINE);
  await box.editElsewhere(
    shortId,
    BLOCKS.replace('We saw growth.', THEIRS).replace('The end.', 'The end, says Grace.')
  );
  await lab.autosave();
  await expect(lab.dialog).toContainText('1 block merged by itself. 1 block needs you.');
  return shortId;
}

const press = (lab: LabPage, name: string) => lab.dialog.getByRole('button', { name }).click();

test('both sides are shown, and a merge keeps what was chosen and what others changed', async ({
  lab,
  box
}) => {
  const shortId = await meet(lab, box, 'Conflict merged');
  await expect(lab.dialog).toContainText(
    'Grace Hopper changed this notebook while you were editing'
  );
  await expect(lab.dialog.locator('pre')).toHaveText([MINE, THEIRS]);
  const { violations } = await new AxeBuilder({ page: lab.page })
    .include('.jp-PosthogConflictDialog')
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)])).toEqual([]);
  await lab.page.screenshot({ path: 'test-results/conflict.png' });
  await press(lab, 'Save merged');
  await expect(lab.dialog.getByRole('alert')).toHaveText('Choose for each block first.');
  await lab.dialog.getByLabel('Edit', { exact: true }).check();
  await lab.dialog.getByRole('textbox').fill('We saw 11.9 % growth.\nBoth of us.');

  await press(lab, 'Save merged');

  const merged =
    '# Weekly funnel\n\n\nWe saw 11.9 % growth.\nBoth of us.\n\n\nThe end, says Grace.';
  await expect.poll(() => box.markdown(shortId)).toBe(merged);
  await expect(lab.dialog).toHaveCount(0);
  await expect(lab.cells.nth(2)).toContainText('The end, says Grace.');
  await expect(lab.cells.nth(1)).toContainText('Both of us.');
  await expect(lab.state).toHaveText('Changed by Grace Hopper, just now — merged');
  expect(await lab.isDirty()).toBe(false);
  const saves = (await box.saves()).length;
  await lab.autosave();
  await lab.command('docmanager:save');
  expect((await box.saves()).length).toBe(saves);
});

test('mine becomes a notebook of its own, and the original shows theirs', async ({ lab, box }) => {
  const shortId = await meet(lab, box, 'Conflict copied');

  await press(lab, 'Keep mine as a copy');

  const tab = lab.page.locator('.lm-TabBar-tab', { hasText: 'Conflict copied (my version)' });
  await expect(tab).toHaveCount(1);
  await expect(lab.notebook).toContainText('12 %');
  await lab.openNotebook(shortId);
  await expect(lab.cells.nth(1)).toContainText(THEIRS);
  await expect(lab.state).toHaveText('Saved');
  expect(await lab.isDirty()).toBe(false);
});

test('theirs is taken, and mine stays on this server', async ({ lab, box, place }) => {
  const shortId = await meet(lab, box, 'Conflict given up');

  await press(lab, 'Take theirs');

  await expect(lab.cells.nth(1)).toContainText(THEIRS);
  await expect(lab.state).toHaveText('Saved');
  expect(await lab.isDirty()).toBe(false);
  const { drafts } = (await (await fetch(`${place.url}/posthog/drafts`)).json()) as {
    drafts: { short_id: string; is_put_aside: boolean }[];
  };
  expect(drafts.filter(draft => draft.short_id === shortId && draft.is_put_aside)).toHaveLength(1);
});

test('later lets work go on: no second dialog, no second try, until the person comes back', async ({
  lab,
  box
}) => {
  const shortId = await meet(lab, box, 'Conflict later');
  const refused = (await box.saves()).length;

  await press(lab, 'Later');
  await expect(lab.dialog).toHaveCount(0);
  await lab.edit(lab.cells.nth(0), () => '# Weekly funnel, mine');
  await lab.autosave();
  await lab.autosave();

  await expect(lab.state).toHaveText('Changed by Grace Hopper too — look');
  await expect(lab.dialog).toHaveCount(0);
  expect((await box.saves()).length).toBe(refused);
  expect(await lab.isDirty()).toBe(true);

  await (await lab.details()).getByRole('button', { name: 'Compare' }).click();
  await lab.dialog.getByRole('radio', { name: 'Keep mine' }).check();
  await press(lab, 'Save merged');
  await expect
    .poll(() => box.markdown(shortId))
    .toBe(`# Weekly funnel, mine\n\n\n${MINE}\n\n\nThe end, says Grace.`);
  await expect(lab.state).toHaveText('Changed by Grace Hopper, just now — merged');
});

test('a merge that nobody needs to decide asks nothing, and saving again sends nothing', async ({
  lab,
  box
}) => {
  const shortId = await box.create('Merged', BLOCKS);
  await lab.openNotebook(shortId);
  await lab.edit(lab.cells.nth(0), () => '# Weekly funnel, mine');
  await box.editElsewhere(shortId, BLOCKS.replace('The end.', 'The end, says Grace.'));

  await lab.autosave();

  await expect
    .poll(() => box.markdown(shortId))
    .toBe('# Weekly funnel, mine\n\n\nWe saw growth.\n\n\nThe end, says Grace.');
  await expect(lab.cells.nth(2)).toContainText('The end, says Grace.');
  await expect(lab.dialog).toHaveCount(0);
  const saves = (await box.saves()).length;
  await lab.autosave();
  expect((await box.saves()).length).toBe(saves);
});

test('a notebook that became Markdown meanwhile is never merged: a copy, or theirs', async ({
  lab,
  box
}) => {
  const shortId = await box.createRich('Conflict of kinds', 'We saw growth.');
  await lab.openNotebook(shortId);
  await lab.edit(lab.cells.nth(0), () => MINE);
  await box.upgradeElsewhere(shortId, 'Converted.');

  await lab.autosave();

  await expect(lab.dialog).toContainText('cannot be compared block by block');
  await expect(lab.dialog.getByRole('radio')).toHaveCount(0);
  await expect(lab.dialog.getByRole('button')).toHaveText([
    'Later',
    'Take theirs',
    'Keep mine as a copy'
  ]);
  await press(lab, 'Keep mine as a copy');
  await expect(lab.notebook).toContainText('12 %');
  expect(await box.markdown(shortId)).toBe('Converted.');
});
