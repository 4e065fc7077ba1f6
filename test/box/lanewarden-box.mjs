// A machine with the package on it: what the stories do with it and ask of it.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startMachine, until } from './machine.mjs';
import { updateKey } from './packages.mjs';
import { pageOf } from './page.mjs';

export const UNIT = 'lanewarden.service';
export const DATABASE = '/var/lib/lanewarden/lanewarden.db';
/** Three periods prove an update and six give it up: short ones, so that the stories do not wait. */
export const WATCHDOG_S = 4;
const SUPERVISOR = 'lanewarden-supervisor.service';
/** Handed in to the supervisor: longer than the three tries of a program, and than the stories. */
const TIMES = 'LANEWARDEN_TRIAL_S=150 LANEWARDEN_PROBATION_S=1200';
/** It only ends what hangs: three starts on trial take a minute and a half. */
const UPDATE_MOST_S = 400;
const PROFILE = 'drivers/modbus/profiles/waveshare-modbus-rtu-io-8ch.yaml';

export async function startBox(base, { name, port, debs, kind, times = TIMES, disk }) {
  const machine = await startMachine(base, name, kind, disk);
  machine.write(`/etc/systemd/system/${UNIT}.d/short.conf`, `[Service]\nWatchdogSec=${WATCHDOG_S}s\n`);
  const handIn = (which) =>
    machine.write(`/etc/systemd/system/${SUPERVISOR}.d/short.conf`, `[Service]\nEnvironment=${which}\n`);
  handIn(times);
  machine.write('/etc/lanewarden-update.pub', updateKey.pem);
  cpSync(debs, machine.inside('/root'), { recursive: true });
  const box = {
    ...machine,
    /** Times of the supervisor, from the next installation on. */
    handIn,
    property: (property) => machine.property(UNIT, property),
    isActive: () => machine.run('systemctl', 'is-active', UNIT).stdout.trim() === 'active',
    current: () => readlinkSync(machine.inside('/opt/lanewarden/current')),
    /** A version is on trial or on probation. */
    isJudging: () => readdirSync(machine.inside('/opt/lanewarden')).some((name) => /^(trial|probation)$/.test(name)),
    hasTrial: () => readdirSync(machine.inside('/opt/lanewarden')).includes('trial'),
    /** By the shell of the package, as the service: what a reader leaves beside the database must be the service's. */
    query: (words, file = DATABASE) => {
      // A start changes its tables for a moment.
      const patient = ['-readonly', '-cmd', '.timeout 30000'];
      const shell = ['/opt/lanewarden/current/sqlite3', ...patient, resolve('/var/lib/lanewarden', file), words];
      return machine.must('runuser', '-u', 'lanewarden', '--', ...shell).trim();
    },
    log: () => machine.journal(UNIT).split('\n').slice(-12).join('\n'),
  };
  const self = {
    ...box,
    port,
    page: pageOf(port),
    until: (what, holds) => until(`${name}: ${what}`, holds, box.log),
    /** The service was started anew, is ready, and shows its page. */
    restart: async () => {
      const { code } = await machine.start('systemctl', 'restart', UNIT).ended;
      assert.equal(code, 0, `it starts\n${box.log()}`);
      await self.until('its page answers', async () => (await self.page.see('session')) !== undefined);
    },
    /** `ending` ends its process, named by number; resolves when another one is ready. */
    startedAnew: async (ending) => {
      const before = box.property('MainPID');
      ending(before);
      // The number is asked for first: a unit is called active until the service manager hears of a death, and has number 0 a moment later.
      await self.until('it is started anew', () => !['0', before].includes(box.property('MainPID')) && box.isActive());
    },
    killed: () => self.startedAnew(() => machine.must('systemctl', 'kill', '--signal=KILL', UNIT)),
    /** As a person does, who waits for the end; beside what goes on in the other box. */
    update: async (version, ...words) => {
      const command = ['lanewarden', 'update', ...words, `/root/lanewarden_${version}.deb`];
      const { code, output } = await machine.start('timeout', String(UPDATE_MOST_S), ...command).ended;
      return { status: code, output };
    },
    /** Nothing in its folders belongs to anybody else. */
    ownsItsFolders: () => {
      const strangers = machine.must('find', '/var/lib/lanewarden', '/etc/lanewarden', '!', '-user', 'lanewarden');
      assert.equal(strangers, '', 'what root makes there belongs to the owner of the folder');
    },
  };
  return self;
}

/** A lane at a board of which the box has a profile of its own; a certificate of the site; the page. */
export function configure(box, boardPort, cloud = 'https://127.0.0.1:9') {
  const certificate = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9000'];
  box.must(
    'openssl',
    'req',
    ...certificate,
    '-subj',
    '/CN=park',
    '-keyout',
    '/tmp/ca.key',
    '-out',
    '/etc/ssl/park.pem',
  );
  box.write('/etc/lanewarden/profiles/own-board.yaml', readFileSync(PROFILE, 'utf8').replace('Waveshare', 'Own make'));
  box.write('/etc/lanewarden/secrets.yaml', 'cloud.appSecret: "canary-4711"\n', 0o600);
  box.write(
    '/etc/lanewarden/lanewarden.yaml',
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${cloud}", ${cloud.startsWith('https') ? 'ca: /etc/ssl/park.pem, ' : ''}appSecret: { secret: cloud.appSecret } }
lines: [{ id: a, port: "tcp://127.0.0.1:${boardPort}", devices: [{ id: io, kind: modbus, profile: own-board, unit: 1 }] }]
lanes: [{ id: "1001", name: 通道A, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io.di1, up: io.di2 } }]
store: { path: /var/lib/lanewarden }
page: { listen: "127.0.0.1:${box.port}", https: false }
`,
    0o600,
  );
  box.must('chown', '-R', 'lanewarden:', '/etc/lanewarden');
}

/** The device of its lane answers, as the page says. */
export async function reads(box, cookie) {
  await box.until('its board is read', async () => {
    const { devices } = (await box.page.see('overview', cookie)) ?? {};
    return Array.isArray(devices) && devices.some(({ id, state }) => id === 'a/io' && state === 'ok');
  });
}

export const versionIn = (box) => box.must('lanewarden', 'version').trim();
export const folderOf = (box, path) => readdirSync(join(box.inside(path)));
