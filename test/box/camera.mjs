// A camera: every request gets the same picture, of twelve megapixels or `WIDTH HEIGHT QUALITY`. A process of its own, because it must answer while a
// test waits for a command.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { largePicture, pictureOf } from '../package/large-picture.mjs';

const SELF = fileURLToPath(import.meta.url);

/** Resolves when it answers. */
export async function startCamera() {
  const child = spawn(process.execPath, [SELF], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', resolve));
  return { port: Number(port), close: () => child.kill('SIGKILL') };
}

if (process.argv[1] === SELF) {
  const [width, height, quality] = process.argv.slice(2).map(Number);
  const picture = width === undefined ? largePicture() : pictureOf(width, height, quality);
  const server = createServer((_, answer) => answer.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture));
  // Whoever started it is gone.
  process.stdin.resume().on('end', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
}
