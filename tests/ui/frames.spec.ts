import AxeBuilder from '@axe-core/playwright';
import { existsSync, writeFileSync } from 'node:fs';
import { expect, LabPage, test } from './fixtures';

const ROWS = 300_000;
const BIG = [
  'import pandas as pd',
  `big = pd.DataFrame({"n": range(${ROWS}), "event": ["$pageview", None, "<b>x</b>"] * ${ROWS / 3}})`,
  'big'
].join('\n');

const python = (code: string, name = 'big'): string =>
  `# Frames\n\n<PythonV2 nodeId="p1" code={${JSON.stringify(code)}} returnVariable="${name}" />`;

const frame = (lab: LabPage) => lab.notebook.locator('.jp-PosthogFrame');
const grid = (lab: LabPage) => frame(lab).locator('.lm-DataGrid-viewport');
const foot = (lab: LabPage) => frame(lab).locator('.jp-PosthogFrame-foot');

async function violations(lab: LabPage): Promise<unknown[]> {
  const found = await new AxeBuilder({ page: lab.page }).include('.jp-PosthogFrame').analyze();
  return found.violations.map(({ id, nodes }) => [id, nodes.map(node => node.html)]);
}

/** The requests for rows, as they are sent. */
function rowRequests(lab: LabPage): string[] {
  const asked: string[] = [];
  lab.page.on('request', request => {
    const url = new URL(request.url());
    if (url.pathname.includes('/frames/')) {
      asked.push(`${url.searchParams.get('offset')}+${url.searchParams.get('limit')}`);
    }
  });
  return asked;
}

async function copied(lab: LabPage): Promise<string> {
  return lab.page.evaluate(() => navigator.clipboard.readText());
}

test('a large frame is a grid whose rows come when they are scrolled to', async ({ lab, box }) => {
  await lab.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const asked = rowRequests(lab);
  await lab.openNotebook(await box.create('Large', python(BIG)));
  await lab.run(lab.cells.nth(1));
  await expect(foot(lab)).toContainText('50 of 300,000 rows · 2 columns');
  expect(asked).toEqual([]);
  expect(await violations(lab)).toEqual([]);

  await grid(lab).hover();
  await lab.page.mouse.wheel(0, 200_000);
  await expect(foot(lab)).toContainText(/\b[1-2]50 of 300,000 rows/);
  expect(asked).toHaveLength(1);

  await grid(lab).click({ position: { x: 200, y: 120 } });
  await lab.page.keyboard.press('ArrowDown');
  await expect(foot(lab).getByRole('status')).toContainText(/^row 9,0\d\d, event: /);
  await lab.page.keyboard.press('Shift+ArrowLeft');
  await lab.page.keyboard.press('Control+c');
  await expect(foot(lab).getByRole('status')).toHaveText('1 row copied');
  expect(await copied(lab)).toMatch(/^90\d\d\t(\$pageview|<b>x<\/b>)?$/);

  await lab.page.keyboard.press('Escape');
  await expect(lab.cells.nth(1)).toBeFocused();
});

test('sorting is among the rows that are here, and says so', async ({ lab, box }) => {
  const asked = rowRequests(lab);
  await lab.openNotebook(await box.create('Sorted', python(BIG)));
  await lab.run(lab.cells.nth(1));
  await frame(lab).getByLabel('Sort').selectOption({ label: 'n, largest first' });
  await expect(foot(lab)).toContainText('sorted among the 50 rows that are loaded');

  await frame(lab).getByRole('button', { name: 'As table' }).click();
  const table = frame(lab).getByRole('table');
  await expect(table.locator('tbody tr').first().locator('th')).toHaveText('50');
  await expect(table.locator('tbody tr').first().locator('td')).toHaveText(['49', '']);
  await expect(table.locator('thead th').nth(1)).toHaveAttribute('aria-sort', 'descending');
  await expect(table.locator('b')).toHaveCount(0);
  expect(await violations(lab)).toEqual([]);
  expect(asked).toEqual([]);

  await frame(lab).getByLabel('Sort').selectOption({ label: 'as it is' });
  await frame(lab).getByRole('button', { name: 'More rows' }).click();
  await expect(table.locator('tbody tr')).toHaveCount(150);
  await expect(foot(lab)).toContainText('200 of 300,000 rows');
});

test('a frame that was replaced keeps its rows and says so', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('Replaced', python(BIG)));
  await lab.run(lab.cells.nth(1));
  await expect(foot(lab)).toContainText('50 of 300,000 rows');
  await box.failNext({ path: '/page/$', status: 409, body: { detail: 'stale' }, times: 9 });

  await grid(lab).hover();
  await lab.page.mouse.wheel(0, 50_000);

  await expect(foot(lab).getByRole('alert')).toContainText('was replaced meanwhile');
  await expect(foot(lab).getByRole('alert')).toContainText('The rows that are here stay.');
  await expect(foot(lab)).toContainText('50 of 300,000 rows');
  expect(await violations(lab)).toEqual([]);
  await box.clearFaults();
});

test('the grid takes the colours of another theme', async ({ lab, box }) => {
  await lab.openNotebook(await box.create('Dark', python(BIG)));
  await lab.run(lab.cells.nth(1));
  await expect(grid(lab)).toBeVisible();
  const corner = () =>
    grid(lab)
      .locator('canvas')
      .first()
      .evaluate(canvas => {
        const { data } = (canvas as HTMLCanvasElement)
          .getContext('2d')!
          .getImageData(200, 200, 1, 1);
        return [...data.slice(0, 3)];
      });
  await expect.poll(async () => Math.min(...(await corner()))).toBeGreaterThan(200);

  await lab.command('apputils:change-theme', { theme: 'JupyterLab Dark' });
  await expect.poll(async () => Math.max(...(await corner()))).toBeLessThan(80);
  expect(await violations(lab)).toEqual([]);

  await lab.command('apputils:change-theme', { theme: 'JupyterLab Light' });
  await expect.poll(async () => Math.min(...(await corner()))).toBeGreaterThan(200);
});

test('a frame in a file on the disk shows the rows that stand in it, and asks nobody', async ({
  lab,
  place
}) => {
  const asked = rowRequests(lab);
  const notebook = { connection: 'env', project_id: 1, short_id: 'aB3dE5gH' };
  const data = {
    columns: ['n'],
    types: [['n', 'UInt64']],
    rows: Array.from({ length: 50 }, (_, n) => [n]),
    row_count: 9000,
    has_more: true,
    run_id: null,
    name: 'big',
    notebook
  };
  const output = {
    output_type: 'execute_result',
    execution_count: null,
    metadata: {},
    data: {
      'text/plain': 'n',
      'text/html': '<p>html</p>',
      'application/vnd.posthog.dataframe+json': data
    }
  };
  const cell = { cell_type: 'code', id: 'c1', metadata: {}, source: '1', outputs: [output] };
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'posthog-local', display_name: 'x', language: 'python' } },
    cells: [{ ...cell, execution_count: null }]
  };
  writeFileSync(`${place.notebooks}/local.ipynb`, JSON.stringify(content));
  await lab.command('docmanager:open', { path: 'local.ipynb' });
  await expect(foot(lab)).toContainText('50 of 9,000 rows · 1 column');
  // The right kernel, without a question.
  await expect(lab.notebook.locator('.jp-Toolbar-kernelName')).toHaveText('PostHog (local Python)');
  await expect(lab.dialog).toHaveCount(0);

  await grid(lab).hover();
  await lab.page.mouse.wheel(0, 5_000);
  await expect(frame(lab).getByRole('button', { name: 'Copy loaded rows' })).toBeVisible();
  expect(asked).toEqual([]);
});

test('a frame is saved as a file beside the kernel', async ({ lab, box, place }) => {
  const code = 'import pandas as pd\nsmall = pd.DataFrame({"n": [1, 2, 3]})\nsmall';
  await lab.openNotebook(await box.create('Pulled', python(code, 'small')));
  await lab.run(lab.cells.nth(1));
  await expect(frame(lab)).toBeVisible();

  await grid(lab).click({ button: 'right', position: { x: 120, y: 60 } });
  await lab.page.getByRole('menuitem', { name: 'Save Frame as File…' }).click();
  await expect(lab.dialog.getByRole('textbox')).toHaveValue('small.parquet');
  await lab.dialog.getByRole('button', { name: /ok/i }).click();

  const toast = lab.page.locator('.Toastify__toast', { hasText: '3 rows of small are in' });
  await expect(toast).toHaveCount(1);
  expect(existsSync(`${place.notebooks}/small.parquet`)).toBe(true);

  await lab.command('posthog:pull-frame', { name: 'small', file: 'small.parquet' });
  await expect(
    lab.page.locator('.Toastify__toast', { hasText: 'Nothing was written to small.parquet' })
  ).toHaveCount(1);
});

test('the first rows of a large frame are there soon', async ({ lab, box }) => {
  const code = `${BIG.replace(/\nbig$/, '')}\nNone`;
  const md = `${python(code, '')}\n\n<PythonV2 nodeId="p2" code="big" returnVariable="" />`;
  await lab.openNotebook(await box.create('Soon', md));
  await lab.run(lab.cells.nth(1));
  await lab.cells.nth(2).locator('.cm-content').click();
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    await lab.page.evaluate(() => {
      const found = document.querySelector('.jp-PosthogFrame');
      found?.setAttribute('data-old', '');
    });
    const begun = Date.now();
    void lab.command('notebook:run-cell').catch(() => undefined);
    await lab.notebook.locator('.jp-PosthogFrame:not([data-old]) canvas').first().waitFor();
    times.push((Date.now() - begun) / 1000);
    await expect(lab.cells.nth(2).locator('.jp-InputPrompt')).toHaveText(/\[\d+\]:/);
  }
  times.sort((left, right) => left - right);
  console.log(`frame.first_screen.${ROWS} in the browser: ${times.join(' / ')} s`);
  expect(times[1]).toBeLessThan(10);
});
