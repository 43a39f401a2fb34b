import { defineConfig } from '@playwright/test';

// Set but empty is as good as not set.
const server = process.env['MILLRACE_URL'] === '' ? undefined : process.env['MILLRACE_URL'];

/** Journeys run against the server at MILLRACE_URL; without it only the pages in e2e/pages run, on the stand-in host. */
export default defineConfig({
  testDir: server ? 'e2e/journeys' : 'e2e/pages',
  // Journeys share one server and its virtual clock; pages share nothing.
  workers: server ? 1 : 2,
  retries: 0,
  forbidOnly: true,
  // Two shared cores can be busy with much else.
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: {
    baseURL: server ?? 'http://127.0.0.1:4173',
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  ...(server
    ? {}
    : {
        webServer: {
          command: 'node e2e/stand-in-host.mjs',
          url: 'http://127.0.0.1:4173/health',
          reuseExistingServer: false,
        },
      }),
});
