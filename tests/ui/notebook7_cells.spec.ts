import { LabPage } from './fixtures';
import { expect, test } from './notebook7';

const CODE = 'import pandas as pd\nbig = pd.DataFrame({"n": range(5000)})\nbig';
const MARKDOWN = [
  '<Recording nodeId="r1" id="0191c3e0" timestampMs={84000} />',
  `<PythonV2 nodeId="p1" code={${JSON.stringify(CODE)}} returnVariable="big" />`,
  '<SQLV2 nodeId="s1" code="SELECT 1 AS one" returnVariable="one" />'
].join('\n\n');

test('Notebook 7: cards, SQL, the line above code, and frames', async ({ page, notebook }) => {
  const { box, url } = notebook;
  const shortId = await box.create('Cells in Notebook 7', MARKDOWN);
  const seven = new LabPage(page, url);
  await page.goto(`${url}/notebooks/posthog:env/1/${shortId}.ipynb`);

  await expect(seven.cells.nth(0).locator('.jp-PosthogCard')).toContainText('from 1:24');
  await expect(seven.cells.nth(1).locator('.jp-PosthogStrip')).toContainText('result → big');
  const keyword = seven.cells.nth(2).locator('.cm-content span', { hasText: /^SELECT$/ });
  await expect(keyword).toHaveCount(1);

  await seven.run(seven.cells.nth(1));
  const frame = seven.cells.nth(1).locator('.jp-PosthogFrame');
  await expect(frame.locator('.jp-PosthogFrame-foot')).toContainText('50 of 5,000 rows');
  await frame.locator('.lm-DataGrid-viewport').hover();
  await page.mouse.wheel(0, 4_000);
  await expect(frame.locator('.jp-PosthogFrame-foot')).toContainText(/^(150|250) of 5,000 rows/);
  await page.screenshot({ path: 'test-results/notebook7-cells.png' });
});
