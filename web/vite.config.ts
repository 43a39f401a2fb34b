import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const host = process.env['MILLRACE_URL'] ?? 'http://127.0.0.1:5080';

export default defineConfig({
  base: '/app/',
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': host, '/p': host } },
  build: {
    target: 'es2023',
    // A data: font or image would need a wider Content Security Policy; every asset is a file.
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 20 },
            {
              name: 'base',
              test: /node_modules[\\/](@tanstack[\\/](react-router|router-core|history|react-query|query-core|react-store|store)|i18next|react-i18next|openapi-fetch|openapi-react-query)[\\/]/,
              priority: 10,
            },
          ],
        },
      },
    },
  },
  test: {
    css: false,
    // Two shared cores can be busy with much else: a limit ends what hangs.
    testTimeout: 90_000,
    // A document costs two seconds a file to set up: only tests of what is shown (.tsx) get one.
    projects: [
      {
        extends: true,
        test: {
          name: 'shown',
          environment: 'jsdom',
          setupFiles: ['src/testing/setup.ts'],
          include: ['src/**/*.test.tsx'],
        },
      },
      {
        extends: true,
        // They keep nothing, so one process serves all of them.
        test: { name: 'thought', environment: 'node', pool: 'threads', isolate: false, include: ['src/**/*.test.ts'] },
      },
    ],
  },
});
