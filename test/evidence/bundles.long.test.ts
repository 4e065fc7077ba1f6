/** Five hundred bundles with one thing changed. */
process.env.BUNDLES ??= '500';
await import('./bundle.test.ts');
