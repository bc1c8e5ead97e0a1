import { LabPage } from './fixtures';
import { expect, test } from './notebook7';

const MARKDOWN =
  '# Weekly funnel\n\nNumbers for *this* week.\n\n<PythonV2 nodeId="p1" code="print(6 * 7)" returnVariable="df" />';

test('Notebook 7: opened by its address, run, edited, saved', async ({ page, notebook }) => {
  const { box, url } = notebook;
  const shortId = await box.create('In Notebook 7', MARKDOWN);
  const seven = new LabPage(page, url);

  await page.goto(`${url}/notebooks/posthog:env/1/${shortId}.ipynb`);

  await expect(seven.cells.first()).toContainText('Weekly funnel');
  await expect(seven.state).toHaveText('Saved');
  await seven.run(seven.cells.nth(1));
  await expect(seven.cells.nth(1).locator('.jp-OutputArea-output')).toHaveText('42\n');
  const kernel = page.getByTitle("PostHog's kernel of this notebook");
  await expect(kernel).toContainText('PostHog ● idle');
  await kernel.click();
  await expect(
    page.getByRole('dialog', { name: "PostHog's kernel of this notebook" })
  ).toContainText('Stop');
  await page.screenshot({ path: 'test-results/notebook7-kernel.png' });
  await page.keyboard.press('Escape');
  await seven.edit(seven.cells.nth(0), text => text.replace('*this* week', '*last* week'));
  await seven.command('docmanager:save');
  await expect.poll(() => box.markdown(shortId)).toContain('Numbers for *last* week.');
  await page.screenshot({ path: 'test-results/notebook7.png' });
});
