// How the page is built: into dist/page, for the browsers that are at the cabinet (WeChat's, and old phones), with nothing inlined so that the
// content security policy can forbid inline code.
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/ui',
  base: '/',
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: ['chrome80', 'safari13.1'],
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
