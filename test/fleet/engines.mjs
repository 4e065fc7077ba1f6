// Processes of a proof in a folder of their own: each can be killed and started again, and ends with it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

export const isRoot = process.getuid() === 0;

/** Below those of outgoing connections: while an engine is away, somebody who keeps calling its port from that range gets it, or itself. */
export async function freePort() {
  for (;;) {
    const server = createServer();
    const port = await new Promise((done) => {
      server.once('error', () => done(undefined));
      server.listen(20_000 + Math.floor(Math.random() * 12_000), '127.0.0.1', () => done(server.address().port));
    });
    await new Promise((done) => server.close(done));
    if (port !== undefined) return port;
  }
}

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks again until it answers; a service that never comes is named. */
export async function until(what, look, withinMs = 60_000) {
  const endMs = Date.now() + withinMs;
  for (let last = ''; ; await wait(100)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error.message;
    }
    assert.ok(Date.now() < endMs, `not within ${withinMs / 1000} s: ${what} ${last}`);
  }
}

export const isOpen = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('connect', () => socket.destroy());
  });

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

export class Engines {
  #running = new Map();
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
  }

  /** `as`: when we are root, the user it runs as. */
  start(name, command, words, { as, env = {} } = {}) {
    assert.ok(!this.#running.has(name), `${name} runs already`);
    const log = openSync(join(this.folder, `${name}.log`), 'a');
    const user = as && isRoot ? [`--reuid=${as}`, `--regid=${as}`, '--init-groups'] : [];
    // Also when this program is killed.
    const [file, ...rest] = ['setpriv', ...user, '--pdeathsig', 'KILL', '--', command, ...words];
    const child = spawn(file, rest, { stdio: ['ignore', log, log], env: { ...process.env, ...env } });
    this.#running.set(name, { child, ended: new Promise((done) => child.once('exit', done)) });
  }

  async end(name, signal = 'SIGTERM') {
    const { child, ended } = this.#running.get(name);
    this.#running.delete(name);
    child.kill(signal);
    await ended;
  }

  async endAll() {
    // PostgreSQL waits for its clients after SIGTERM.
    for (const name of [...this.#running.keys()].reverse())
      await this.end(name, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  }

  pid(name) {
    return this.#running.get(name)?.child.pid;
  }

  /** Of each, and of its children. */
  pids() {
    return Object.fromEntries(
      [...this.#running].map(([name, { child }]) => [name, [child.pid, ...childrenOf(child.pid)]]),
    );
  }
}
