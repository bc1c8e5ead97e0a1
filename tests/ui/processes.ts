import { ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const PYTHON = join(resolve(__dirname, '../..'), '.venv/bin/python');
/** The Python whose Lab is driven; another one tries another version of Lab. */
const LAB_PYTHON = process.env.LAB_PYTHON ?? PYTHON;
const READY_MS = 90_000;
const POLL_MS = 100;

/** What the box writes once it is ready. */
export interface IReady {
  url: string;
  project_id: number;
  keys: Record<string, string>;
  session: { cookie: string; csrf: string };
}

/** One process of a test, with a folder of its own. */
export class TestProcess {
  constructor(name: string, args: string[], environment: NodeJS.ProcessEnv, python = PYTHON) {
    this.folder = mkdtempSync(join(tmpdir(), `posthog-ui-${name}-`));
    this._log = join(this.folder, 'log.txt');
    const log = openSync(this._log, 'w');
    const variables = Object.fromEntries(
      Object.entries({ ...process.env, ...environment }).filter(
        ([key]) => !key.startsWith('POSTHOG_') || key in environment
      )
    );
    const own = args.map(arg => arg.replaceAll('{folder}', this.folder));
    this._process = spawn(python, own, {
      env: variables,
      stdio: ['ignore', log, log],
      cwd: this.folder
    });
    closeSync(log);
  }

  readonly folder: string;

  /** Wait until a condition holds; fail with the log where the process ends first. */
  async until<T>(
    what: string,
    condition: () => Promise<T | undefined> | T | undefined
  ): Promise<T> {
    const end = Date.now() + READY_MS;
    while (Date.now() < end && this._process.exitCode === null) {
      const found = await condition();
      if (found !== undefined) {
        return found;
      }
      await new Promise(next => setTimeout(next, POLL_MS));
    }
    throw new Error(`${what} did not come:\n${readFileSync(this._log, 'utf-8').slice(-4000)}`);
  }

  get log(): string {
    return readFileSync(this._log, 'utf-8');
  }

  /** End the process and remove its folder. */
  async stop(): Promise<void> {
    await this._end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** End the process without a warning, as a crash does. */
  async kill(): Promise<void> {
    await this._end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async _end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this._process.exitCode === null && this._process.signalCode === null) {
      const ended = new Promise(next => this._process.once('exit', next));
      this._process.kill(signal);
      await ended;
    }
  }

  private readonly _process: ChildProcess;
  private readonly _log: string;
}

/** Start a box of one profile, in a folder of its own or in one that holds notebooks already. */
export async function startBox(
  profile: string,
  more: string[] = [],
  data = '{folder}/data'
): Promise<{ process: TestProcess; ready: IReady }> {
  const args = [
    '-m',
    'jupyter_posthog.box',
    '--profile',
    profile,
    '--port',
    '0',
    '--faults',
    ...more
  ];
  const box = new TestProcess(
    'box',
    [...args, '--data', data, '--ready-file', '{folder}/ready.json'],
    {}
  );
  const file = join(box.folder, 'ready.json');
  const ready = await box.until('The box', () =>
    existsSync(file) ? (JSON.parse(readFileSync(file, 'utf-8')) as IReady) : undefined
  );
  return { process: box, ready };
}

/** A Lab that runs, and the folder of what it keeps. */
export interface ILab {
  process: TestProcess;
  url: string;
  home: string;
}

/** Start a Lab that is connected by these variables. */
export function startLab(connection: NodeJS.ProcessEnv): Promise<ILab> {
  return startLabAt(mkdtempSync(join(tmpdir(), 'posthog-ui-home-')), connection);
}

/** Start Jupyter Notebook 7 in place of Lab. */
export function startNotebook(connection: NodeJS.ProcessEnv): Promise<ILab> {
  const own = mkdtempSync(join(tmpdir(), 'posthog-ui-home-'));
  return startLabAt(own, connection, { application: 'notebook' });
}

/** Start a Lab that goes on with what another one kept, where that one was if its port is given. */
export async function startLabAt(
  own: string,
  connection: NodeJS.ProcessEnv,
  { port: at, application = 'jupyterlab' }: { port?: number; application?: string } = {}
): Promise<ILab> {
  const port = at ?? (await freePort());
  mkdirSync(join(own, 'notebooks'), { recursive: true });
  const config = join(own, 'config.py');
  writeFileSync(
    config,
    [
      'from jupyterlab.galata import configure_jupyter_server',
      'configure_jupyter_server(c)',
      'c.JupyterNotebookApp.expose_app_in_browser = True',
      'c.ServerApp.ip = "127.0.0.1"',
      `c.ServerApp.port = ${port}`,
      'c.ServerApp.port_retries = 0',
      'c.ServerApp.allow_root = True',
      `c.ServerApp.root_dir = ${JSON.stringify(join(own, 'notebooks'))}`
    ].join('\n')
  );
  const folders = Object.fromEntries(
    ['CONFIG', 'DATA', 'RUNTIME'].map(name => [
      `JUPYTER_${name}_DIR`,
      join(own, name.toLowerCase())
    ])
  );
  const variables = {
    ...connection,
    ...folders,
    JUPYTERLAB_WORKSPACES_DIR: join(own, 'workspaces'),
    JUPYTERLAB_SETTINGS_DIR: join(own, 'settings')
  };
  const command = ['-m', application, `--config=${config}`];
  const lab = new TestProcess('lab', command, variables, LAB_PYTHON);
  const url = `http://127.0.0.1:${port}`;
  await lab.until('Lab', async () => {
    const answer = await fetch(`${url}/api`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  return { process: lab, url, home: own };
}

/** The variables of a person who is connected to a box: a key where keys run cells, else the session. */
export function connectionTo(profile: string, ready: IReady): NodeJS.ProcessEnv {
  const common = { POSTHOG_HOST: ready.url, POSTHOG_PROJECT_ID: String(ready.project_id) };
  return profile === 'legacy'
    ? {
        ...common,
        POSTHOG_SESSION_COOKIE: ready.session.cookie,
        POSTHOG_CSRF_TOKEN: ready.session.csrf
      }
    : { ...common, POSTHOG_PERSONAL_API_KEY: ready.keys.full };
}

async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}
