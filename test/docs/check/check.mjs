// npm run docs:check [-- --changes 100 --seed 1 --both]: the documents against the program, the files and each other.
import { createServer, createServerModuleRunner } from 'vite';

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { middlewareMode: true, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  await createServerModuleRunner(server.environments.ssr).import(new URL('./run.ts', import.meta.url).pathname);
} finally {
  await server.close();
}
