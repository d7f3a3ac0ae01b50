import { fileURLToPath } from 'node:url';

import { defineConfig } from '@playwright/test';

// `make e2e` starts a server of its own and says where; by hand, the journeys run against `make run`.
const baseURL = process.env.FLOWERY_E2E_URL ?? 'http://127.0.0.1:3000';

// What the browser's microphone hears, over and over.
const voice = fileURLToPath(new URL('../tests/fixtures/audio/sentence.wav', import.meta.url));

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  reporter: 'list',
  // The journeys share one server, and timing on a small machine is only fair when one runs at a time.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: !!process.env.CI,
  // A journey that needs a second try is reported as flaky.
  retries: 1,
  use: {
    baseURL,
    trace: 'off',
    screenshot: 'only-on-failure',
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: {
      // The system's Chromium: Playwright downloads no browser of its own.
      executablePath: process.env.FLOWERY_E2E_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${voice}`,
      ],
    },
  },
  projects: [
    {
      name: 'phone',
      use: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    },
    { name: 'desktop', use: { viewport: { width: 1440, height: 900 } } },
  ],
});
