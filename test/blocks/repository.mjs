// The repository as a developer has it: a copy that forgets what is written into it, with what was built, and no network.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { CURLRC } from './script.mjs';

/** This program's mounts are its own (blocks.mjs), and so nobody else sees it. */
export function startRepository() {
  const work = mkdtempSync(join(tmpdir(), 'lanewarden-repository-'));
  const mount = (type, options, place) => execFileSync('mount', ['-t', type, '-o', options, 'copy', place]);
  mount('tmpfs', 'size=3g,mode=0755', work);
  for (const name of ['upper', 'work', 'root', 'home']) mkdirSync(join(work, name));
  const folder = join(work, 'root');
  mount('overlay', `lowerdir=${resolve('.')},upperdir=${work}/upper,workdir=${work}/work`, folder);
  // What a program without `store:` writes goes with the copy.
  for (const name of ['lib', 'lib-work']) mkdirSync(join(work, name));
  mount('overlay', `lowerdir=/var/lib,upperdir=${work}/lib,workdir=${work}/lib-work`, '/var/lib');
  writeFileSync(join(work, 'home/.curlrc'), CURLRC);
  const children = new Set();
  return {
    folder,
    write: (path, text) => writeFileSync(path, text),
    put: (file, path) => copyFileSync(file, path ?? join(folder, basename(file))),
    shell: (script, env = {}) => {
      const file = join(work, `block-${Math.random()}`);
      writeFileSync(file, script);
      const spaces = ['--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
      const words = ['unshare', ...spaces, 'sh', '-c', 'ip link set lo up && exec bash "$0"', file];
      const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...words], {
        cwd: folder,
        env: {
          ...process.env,
          HOME: join(work, 'home'),
          LC_ALL: '',
          LC_MESSAGES: 'en_US.UTF-8',
          LANG: 'C.UTF-8',
          npm_config_update_notifier: 'false',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.add(child);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
      const ended = new Promise((done) => child.once('close', (code) => done({ code, output })));
      return { output: () => output, ended, kill: () => child.kill('SIGKILL') };
    },
    end: async () => {
      for (const child of children) child.kill('SIGKILL');
      execFileSync('umount', ['--lazy', '/var/lib']);
      execFileSync('umount', ['--lazy', folder]);
      execFileSync('umount', ['--lazy', work]);
      rmSync(work, { recursive: true, force: true });
    },
  };
}
