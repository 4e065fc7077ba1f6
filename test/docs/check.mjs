// npm run docs:check [-- --changes 100 --seed 1 --both]: the documents against the program, the files and each other.
import { runnerImport } from 'vite';

await runnerImport(new URL('./run.ts', import.meta.url).pathname, { configFile: false, logLevel: 'error' });
