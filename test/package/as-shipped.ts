/** The program as the package has it, for stories and benches: its bundle, and the flags and environment of its unit. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const unit = readFileSync('deploy/systemd/lanewarden.service', 'utf8');
/** All that stands before the program: deploy/supervisor/supervise takes the same. */
export const FLAGS: readonly string[] =
  /^ExecStart=\/opt\/lanewarden\/current\/node (.*) \/opt\/lanewarden\//m.exec(unit)?.[1]?.split(' ') ?? [];
export const ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  [...unit.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
);

/** Makes the bundle below `folder`, with the addons of node_modules, or those that the package compiles. Resolves to its main file. */
export async function bundled(folder: string, whose: 'of npm' | 'own' = 'of npm'): Promise<string> {
  const app = join(folder, 'app');
  mkdirSync(app);
  // A script without types.
  const { bundle } = (await import(pathToFileURL(resolve('deploy/bundle.mjs')).href)) as {
    bundle(to: string): Promise<unknown>;
  };
  await bundle(app);
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'lanewarden', version: '0.0.0' }));
  if (whose === 'own') await copyAddons(join(app, 'node_modules'));
  else symlinkSync(resolve('node_modules'), join(app, 'node_modules'));
  // As the package does when it is installed.
  const { status } = spawnSync(process.execPath, [...FLAGS, join(app, 'code-cache.js')], { stdio: 'inherit' });
  if (status !== 0) throw new RangeError('the program did not come up to be compiled ahead');
  return join(app, 'main.js');
}

async function copyAddons(to: string): Promise<void> {
  const { addonFiles } = (await import(pathToFileURL(resolve('deploy/addons.mjs')).href)) as {
    addonFiles(arch: string): readonly (readonly [from: string, place: string])[];
  };
  for (const [from, place] of addonFiles(process.arch === 'x64' ? 'amd64' : process.arch)) {
    mkdirSync(dirname(join(to, place)), { recursive: true });
    cpSync(from, join(to, place));
  }
}
