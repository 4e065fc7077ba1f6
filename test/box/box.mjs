// The life of a box under a real service manager: installed, killed, stopped, updated well and badly, by command and by page, restored elsewhere, purged.
//   node test/box/box.mjs [--base FOLDER] [--package FILE.deb] [--starved SECONDS] [WORD…]
// With words only the stories that have one of them in their name, after the first two.
// As root, from the package that `npm run package` built. Needs debootstrap, or a root made before: --base FOLDER. Nothing leaves its own namespaces.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { debianRoot } from './root.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    base: { type: 'string', default: 'dist-deb/root-box' },
    package: { type: 'string' },
    starved: { type: 'string' },
  },
});
const base = resolve(values.base);

if (process.env.LANEWARDEN_BOX === undefined) {
  debianRoot(base);
  // A network of its own: nothing but loopback, which the machines bring up.
  const words = ['--pdeathsig', 'TERM', 'unshare', '--net', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, LANEWARDEN_BOX: '1', ...(values.package && { LANEWARDEN_PACKAGE: values.package }) };
  const { status } = spawnSync('setpriv', words, { stdio: 'inherit', env });
  process.exit(status ?? 1);
}
const { tellStories } = await import('./tell.mjs');
process.exit(await tellStories(base, positionals, values.starved && Number(values.starved)));
