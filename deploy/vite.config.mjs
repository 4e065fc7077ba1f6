// How the page is built: into dist/page, for the browsers that are at the cabinet (WeChat's, and old phones), with nothing inlined so that the
// content security policy can forbid inline code.
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/ui',
  base: '/',
  logLevel: 'warn',
  // The old runtime writes children without their name: smaller.
  oxc: {
    jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' },
    jsxInject: "import { h, Fragment } from 'preact';",
  },
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    // Chrome 80 and Safari 13.1 know all of it; what is newer is rewritten.
    target: 'es2020',
    cssTarget: ['chrome80', 'safari13.1'],
    assetsInlineLimit: 0,
    modulePreload: false,
  },
});
