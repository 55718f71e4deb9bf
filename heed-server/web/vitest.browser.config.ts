import { defineConfig } from 'vitest/config';

// The page in a real browser, against a server that runs: heed.server.ExplorerPageIT starts both.
// By hand: HEED_URL=http://127.0.0.1:8420/ npm run test:browser
export default defineConfig({
  test: { include: ['browser/**/*.spec.ts'], fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000, retry: 0 },
});
