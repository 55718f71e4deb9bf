import { defineConfig } from 'vitest/config';

// Paths are relative, so that the page works below any address. `npm run dev` talks to a server that runs beside it.
export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    outDir: '../target/classes/heed/server/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  test: { include: ['test/**/*.test.ts'] },
  server: { host: '127.0.0.1', proxy: { '/api': { target: 'http://127.0.0.1:8420', changeOrigin: true } } },
});
