import { defineConfig } from '@playwright/test';

// Set but empty is as good as not set.
const server = process.env['MILLRACE_URL'] === '' ? undefined : process.env['MILLRACE_URL'];

/** Journeys run against the server at MILLRACE_URL; without it pages and measurements run on the stand-in host. */
export default defineConfig({
  testDir: 'e2e',
  testMatch: server ? 'journeys/**/*.spec.ts' : ['pages/**/*.spec.ts', 'speed/**/*.spec.ts'],
  // Each run empties its own.
  outputDir: server ? 'test-results/journeys' : 'test-results/pages',
  // Journeys share one server and its virtual clock; pages share nothing.
  workers: server ? 1 : 2,
  retries: 0,
  forbidOnly: true,
  // Two shared cores can be busy with much else: a limit is there to end what hangs, not to measure.
  timeout: 240_000,
  expect: { timeout: 60_000 },
  reporter: 'list',
  use: {
    baseURL: server ?? 'http://127.0.0.1:4173',
    actionTimeout: 60_000,
    viewport: { width: 1440, height: 900 },
    // Nothing is judged while it moves.
    contextOptions: { reducedMotion: 'reduce' },
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
        // A process for every frame of a mail is what two cores have no time for.
        '--disable-features=IsolateSandboxedIframes',
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
