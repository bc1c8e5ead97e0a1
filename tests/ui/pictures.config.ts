import { defineConfig } from '@playwright/test';
import config from './playwright.config';

/** The same tests in a window as wide as most people's, for the pictures of the docs: `make pictures`. */
export default defineConfig({
  ...config,
  use: { ...config.use, viewport: { width: 1440, height: 900 } }
});
