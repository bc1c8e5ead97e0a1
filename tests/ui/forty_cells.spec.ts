import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, ILabWindow, LabPage, test } from './fixtures';
import { BoxClient } from './box';
import { connectionTo, PYTHON, startBox, startLab } from './processes';

const ROOT = resolve(__dirname, '../..');
const NOTEBOOK = join(ROOT, 'tests/data/notebooks/forty_cells.ipynb');
const RUN_MS = 240_000;

test('forty cells give in Lab what they give by nbclient', async ({ page }) => {
  test.setTimeout(RUN_MS * 2);
  const folder = mkdtempSync(join(tmpdir(), 'posthog-ui-forty-'));
  const box = await startBox('cloud', ['--no-rate-limits']);
  const connection = connectionTo('cloud', box.ready);
  const newNotebook = () => new BoxClient(box.ready).create('Forty', '# Forty');
  const lab = await startLab({ ...connection, POSTHOG_NOTEBOOK: await newNotebook() });
  try {
    const found = join(folder, 'lab.ipynb');
    writeFileSync(found, JSON.stringify(await runInLab(new LabPage(page, lab.url))));

    const wanted = join(folder, 'nbclient.ipynb');
    const own = Object.fromEntries(
      ['CONFIG', 'DATA', 'RUNTIME'].map(name => [`JUPYTER_${name}_DIR`, join(folder, name)])
    );
    python(['run', wanted], { ...connection, ...own, POSTHOG_NOTEBOOK: await newNotebook() });
    expect(python(['compare', wanted, found], {})).toContain('35 cells are the same');
  } finally {
    await lab.process.stop();
    await box.process.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Put the notebook beside Lab's files, run all of it there, save it, and return what was saved. */
async function runInLab(lab: LabPage): Promise<object> {
  const address = `${lab.url}/api/contents/forty.ipynb`;
  const content = JSON.parse(readFileSync(NOTEBOOK, 'utf-8')) as object;
  const put = await fetch(address, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ type: 'notebook', format: 'json', content })
  });
  expect(put.ok).toBe(true);
  await lab.open();
  await lab.command('docmanager:open', { path: 'forty.ipynb' });
  await expect(lab.cells.first()).toBeVisible();
  await lab.kernelReady();
  // Ends only with the last cell.
  void lab.command('notebook:run-all-cells').catch(() => undefined);
  await expect
    .poll(() => lab.page.evaluate(countOfUnrun), { timeout: RUN_MS, intervals: [1_000] })
    .toBe(0);
  await lab.command('docmanager:save');
  const saved = (await (await fetch(address)).json()) as { content: object };
  return saved.content;
}

/** How many code cells have not run to their end; asked of the models, since Lab draws only what is in sight. */
function countOfUnrun(): number {
  const { currentWidget } = (window as unknown as ILabWindow).jupyterapp.shell;
  return currentWidget.content.widgets.filter(
    ({ model }) => model.type === 'code' && model.executionCount === null
  ).length;
}

function python(args: string[], environment: NodeJS.ProcessEnv): string {
  const ran = spawnSync(PYTHON, [join(__dirname, 'forty_cells.py'), ...args], {
    cwd: ROOT,
    env: { ...process.env, PYTHONPATH: ROOT, ...environment },
    encoding: 'utf-8',
    timeout: RUN_MS
  });
  expect(ran.status, ran.stdout + ran.stderr).toBe(0);
  return ran.stdout;
}
