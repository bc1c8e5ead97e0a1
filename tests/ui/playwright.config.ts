import { defineConfig } from '@playwright/test';
import type { IWorkerOptions } from './fixtures';

/** Plain Chromium of the system; flags keep it from looking for Google's hosts. */
export default defineConfig<object, IWorkerOptions>({
  testDir: '.',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 1,
  fullyParallel: false,
  retries: 0,
  reporter: [['list']],
  projects: [
    { name: 'cloud', use: { profile: 'cloud' }, testIgnore: 'session.spec.ts' },
    // The documented server, with a browser session: what differs there is how cells run, how a save is sent,
    // and what a key may not see.
    { name: 'legacy', use: { profile: 'legacy' }, testMatch: /(journey|session)\.spec\.ts$/ }
  ],
  outputDir: 'test-results',
  use: {
    viewport: { width: 1280, height: 900 },
    timezoneId: 'UTC',
    locale: 'en-US',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--font-render-hinting=none'
      ]
    }
  }
});
