// Install, tell one story by each kind of wire, plug and unplug, set the clock, prepare, reboot.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ADAPTER, configure, LANES, LINES, UNPAID_AT_LINES, unpaidAtBoard } from './lanes.mjs';
import { wireOf } from './machine.mjs';

/** From plugging in to the first question of the program; what the machine waited for its host is added. */
const READ_WITHIN_MS = 5_000;
const RECORD_MS = 30 * 60_000;
/** Until an opening is judged, and how often it is made again on a machine that lets the box wait for so long. */
const JUDGED_S = 60;
const ATTEMPTS = 8;
export const STARVED_MS = 2_000;
const READY = 'systemctl is-active -q lanewarden';
export const READ_ONLY = '! test -w /usr && findmnt -n -o OPTIONS / | grep -q "^ro"';

const UNIT = '/opt/lanewarden/current/system/units/lanewarden.service';

/** A board is asked for five seconds before it counts as lost. */
const LOST_MS = 8_000;
/** How long before an opening a lane must have seen everything, to say of it what it was. */
const WATCHED_MS = 5_000;
const query = (words) => `/usr/lib/lanewarden/app/sqlite3 -readonly /var/lib/lanewarden/lanewarden.db "${words}"`;
/** The states of its records, oldest first. */
export const recordsOf = (lane) => query(`SELECT state FROM release WHERE lane_id = '${lane}' ORDER BY id`);
export const isReported = (state) => state === 'waiting' || state === 'delivered';

/** In order; each begins where the one before ended. */
export const STORIES = { installed, wrongClock, gpio, adapters, flapping, phoneClock, prepared };
/** Of a machine whose processor is another's. */
export const STORIES_ELSEWHERE = { installed, wrongClock };

async function installed(box) {
  const { say } = box;
  say(`boot, ${await box.boot()} s; its clock says ${await box.machine.must('date -u +%F')}`);
  const { machine } = box;
  // An event between unpacking and configuring has the rules read before the package is whole; they are not read again until a file among them changes.
  await machine.must(`dpkg --unpack /root/lanewarden.deb
    sleep 4
    udevadm trigger --settle --subsystem-match=mem
    dpkg --configure lanewarden`);
  if (box.hasLines) assert.equal(await machine.must('udevadm settle; stat -c %G /dev/gpiochip0'), 'gpio');
  await pluggedInLater(box);
  await machine.must(configure(box.platform.port, wireOf(box.arch)));
  await machine.must('systemctl restart lanewarden');
  await watching(box);
  say(`installed and ready, the board at ${wireOf(box.arch)} is read`);
}

/** Ready, and its lanes have watched for long enough to judge. */
export async function watching(box) {
  await box.machine.until(READY);
  await asked(box, box.uart, 'the board at its own port is read');
  // Its lines come with a module, which no other machine has.
  if (box.hasLines) await box.machine.until('pgrep -x gpiomon');
  await sleep(WATCHED_MS);
}

async function gpio(box) {
  await openedAt(box, 'gpio');
  box.say('a story over GPIO: real gpiomon, edges of the kernel');
}

/** The box starts years back; its record waits until the time is known, and is then dated by it. */
async function wrongClock(box) {
  const { platform, clock } = box;
  const { at, took } = await unpaid(box, 'uart');
  assert.equal(platform.of(LANES.uart).length, 0, 'nothing is sent while the time is unknown');
  clock.isOn = true;
  await arrived(box, LANES.uart);
  assert.ok(clock.answers > 0);
  const wall = Date.parse(platform.of(LANES.uart)[0].fields.release_time.replace(' ', 'T').replace(/Z?$/, 'Z'));
  const offMs = Math.abs(wall - at);
  // A slow guest reads late; it is years when the clock was believed.
  assert.ok(
    offMs < took + 30_000,
    `dated ${platform.of(LANES.uart)[0].fields.release_time}, opened at ${new Date(at).toISOString()}`,
  );
  box.say(
    `a story over ${wireOf(box.arch)} while the clock was wrong: sent once it was corrected, dated to ${Math.round(offMs / 1000)} s`,
  );
}

/** One unpaid opening, and its record at the platform. */
export async function openedAt(box, wire) {
  await unpaid(box, wire);
  await arrived(box, LANES[wire]);
}

/** One unpaid opening that the box reports. Resolves to when it began, and how long it took. */
async function unpaid(box, wire) {
  const lane = LANES[wire];
  for (let attempt = 1; ; attempt += 1) {
    const before = Number(await box.machine.must(`${recordsOf(lane)} | wc -l`));
    const waited = box.machine.waitedMs();
    const at = Date.now();
    if (wire === 'gpio') await box.machine.must(UNPAID_AT_LINES);
    else await unpaidAtBoard(box[wire]);
    const took = Date.now() - at;
    const state = await judged(box, lane, before);
    if (isReported(state)) {
      box.made[lane] += 1;
      return { at, took };
    }
    // A box whose host gives it no processor for seconds has not seen it well, and rightly accuses nobody.
    assert.ok(
      box.machine.waitedMs() > waited + STARVED_MS && attempt < ATTEMPTS,
      `an opening of lane ${lane} became "${state}"\n${await box.machine.journal()}`,
    );
    box.say(`(${wire}: ${state === '' ? 'not seen' : state}, the host is busy; once more)`);
  }
}

/** Resolves to the state of the newest record when there are more than `before`; empty when none came. */
export const judged = (box, lane, before) =>
  box.machine.must(`for i in $(seq ${JUDGED_S}); do
    states=$(${recordsOf(lane)})
    if [ "$(echo $states | wc -w)" -gt ${before} ]; then echo "$states" | tail -n 1; break; fi
    sleep 1
  done`);

/** As many records of that lane as there were openings; one too many is as wrong. */
export async function arrived(box, lane) {
  const began = Date.now();
  while (serialsOf(box, lane).size < box.made[lane]) {
    if (Date.now() - began > RECORD_MS)
      throw new Error(`no record of lane ${lane}: ${box.made[lane]} openings\n${await box.machine.journal()}`);
    await sleep(200);
  }
  assert.equal(
    serialsOf(box, lane).size,
    box.made[lane],
    `lane ${lane}: ${JSON.stringify(box.platform.of(lane).map(({ fields }) => fields))}`,
  );
}

export const serialsOf = (box, lane) => new Set(box.platform.of(lane).map(({ fields }) => fields.parking_serial));

/** Resolves to how long it took until the board was asked. */
async function asked(box, board, what) {
  const before = board.requests;
  const began = Date.now();
  while (board.requests < before + 3) {
    if (Date.now() - began > RECORD_MS) throw new Error(`never: ${what}\n${await box.machine.journal()}`);
    await sleep(20);
  }
  return Date.now() - began;
}

async function plug(box, id, serial, port) {
  await box.machine.qmp('chardev-add', {
    id,
    backend: {
      type: 'socket',
      data: { addr: { type: 'inet', data: { host: '127.0.0.1', port: String(port) } }, server: false },
    },
  });
  await box.machine.qmp('device_add', { driver: 'usb-serial', id: `usb-${id}`, chardev: id, serial });
}

async function unplug(box, id) {
  await box.machine.qmp('device_del', { id: `usb-${id}` });
  await box.machine.until('sleep 1; true');
  await box.machine.qmp('chardev-remove', { id });
}

/**
 * What the unit allows, for a program that was started before any adapter was plugged in and so before its driver was there. The control is allowed the
 * driver by its name, which nobody knew then.
 */
async function pluggedInLater(box) {
  const { machine } = box;
  assert.equal(await machine.must('grep -c ttyUSB /proc/devices || true'), '0');
  const opens = "sh -c 'until test -e /dev/ttyUSB0; do sleep 0.2; done; sleep 1; : 3<>/dev/ttyUSB0 && echo opened'";
  const allowed = `$(sed -n 's/^DeviceAllow=\\(.*\\) rw$/-p DeviceAllow=\\1/p' ${UNIT})`;
  await machine.must(`systemd-run -q --unit=ours -p DevicePolicy=closed ${allowed} ${opens}
    systemd-run -q --unit=control -p DevicePolicy=closed -p DeviceAllow=char-ttyUSB ${opens}`);
  await plug(box, 'early', ADAPTER, box.usb.port);
  await machine.until(
    'journalctl -q -o cat -u ours -u control | grep -q "not permitted" && journalctl -q -o cat -u ours | grep -qx opened',
  );
  assert.match(await machine.must('journalctl -q -o cat -u control'), /not permitted/);
  assert.equal(await machine.must(`readlink -f /dev/lanewarden/serial-${ADAPTER}`), '/dev/ttyUSB0');
  assert.match(await machine.must('udevadm info -q property /dev/ttyUSB0'), /^ID_MM_DEVICE_IGNORE=1$/m);
  assert.equal(await machine.must('cat /sys/bus/usb-serial/devices/ttyUSB0/latency_timer'), '1');
  await unplug(box, 'early');
  await machine.until('! test -e /dev/ttyUSB0 && rmmod ftdi_sio usbserial');
  box.say(
    'an adapter whose driver came after the start may be opened, has its lasting name, and no modem manager takes it',
  );
}

/** Resolves to how long it took until the board at the adapter was asked, in ms. */
async function readSoon(box, what) {
  const waited = box.machine.waitedMs();
  const took = await asked(box, box.usb, what);
  const late = box.machine.waitedMs() - waited;
  assert.ok(took <= READ_WITHIN_MS + late, `${what} after ${took} ms, of which the machine waited ${Math.round(late)}`);
  return took;
}

async function adapters(box) {
  const { machine, say } = box;
  const uptime = Number((await machine.must('cut -d. -f1 /proc/uptime')).trim());
  if (uptime < 60) await sleep((60 - uptime) * 1000);
  assert.equal(await machine.must('ls -d /dev/ttyUSB* 2>/dev/null | wc -l'), '0');
  await plug(box, 'lane3', ADAPTER, box.usb.port);
  const first = await readSoon(box, 'the adapter plugged in after the start is read');
  say(`an adapter plugged in ${uptime} s after the boot is read after ${(first / 1000).toFixed(1)} s`);
  assert.equal(await machine.must(`readlink -f /dev/lanewarden/serial-${ADAPTER}`), '/dev/ttyUSB0');
  await sleep(WATCHED_MS);
  await openedAt(box, 'usb');
  await unplug(box, 'lane3');
  await machine.until('! test -e /dev/ttyUSB0');
  // Another one takes its name.
  await plug(box, 'other', 'OTHER', box.usb.port);
  await machine.until('test -e /dev/ttyUSB0');
  await plug(box, 'again', ADAPTER, box.usb.port);
  const again = await readSoon(box, 'the adapter is read under its new name');
  assert.equal(await machine.must(`readlink -f /dev/lanewarden/serial-${ADAPTER}`), '/dev/ttyUSB1');
  await sleep(WATCHED_MS);
  await openedAt(box, 'usb');
  await unplug(box, 'other');
  say(`unplugged, and back as ttyUSB1: read after ${(again / 1000).toFixed(1)} s`);
}

/** The arm is found off its limits, and its board is lost for seconds, again and again: nobody passed, and nothing was seen to open. */
async function flapping(box) {
  const { machine, uart } = box;
  // Found so: a program that still watched would have seen it open, and rightly said so.
  await machine.must('systemctl stop lanewarden');
  uart.inputs = 0;
  await machine.must('systemctl start lanewarden');
  await watching(box);
  for (let time = 0; time < 3; time += 1) {
    await asked(box, uart, 'the board is read between two losses');
    uart.isSilent = true;
    await sleep(LOST_MS);
    uart.isSilent = false;
  }
  await asked(box, uart, 'the board is read again');
  uart.inputs = 1;
  await sleep(WATCHED_MS);
  await openedAt(box, 'uart');
  box.say('the arm found off its limits, its board lost three times: no release that nobody made');
}

/** What the page leaves for root (test/page/clock.long.test.ts has the way to there): a real unit sets a real clock. */
async function phoneClock(box) {
  const { machine, platform } = box;
  const request = '/var/lib/lanewarden/clock/request';
  const tells = async () => {
    const words = `$(cat /proc/sys/kernel/random/boot_id) $(sed 's/\\.\\([0-9]*\\) .*/\\10/' /proc/uptime) ${Date.now()} 2050 installer`;
    await machine.must(
      `runuser -u lanewarden -- sh -c "mkdir -p $(dirname ${request}); echo ${words} > ${request}.new; mv ${request}.new ${request}"`,
    );
    await machine.until(`! test -e ${request}`);
  };
  const log = () => machine.must('journalctl -q -o cat -u lanewarden-clock');
  await tells();
  assert.match(await log(), /synchronised by the network/);
  const synchronized = '/run/systemd/timesync/synchronized';
  await machine.must(`systemctl stop systemd-timesyncd; rm -f ${synchronized}; date -s '2024-02-03 04:05:06'`);
  await machine.until('! timedatectl show --property=NTPSynchronized --value | grep -qx yes');
  await tells();
  const setTo = Date.parse(`${await machine.must('date -u +%FT%TZ')}`.trim());
  assert.ok(Math.abs(setTo - Date.now()) < 30_000, `set to ${new Date(setTo).toISOString()}\n${await log()}`);
  assert.match(await log(), /installer set the clock by \d{8} s/);
  await sleep(WATCHED_MS);
  const before = serialsOf(box, LANES.uart);
  const { at, took } = await unpaid(box, 'uart');
  await arrived(box, LANES.uart);
  const [{ fields }] = platform.of(LANES.uart).filter((record) => !before.has(record.fields.parking_serial));
  const dated = Date.parse(fields.release_time.replace(' ', 'T').replace(/Z?$/, 'Z'));
  assert.ok(
    Math.abs(dated - at) < took + 30_000,
    `dated ${fields.release_time}, opened at ${new Date(at).toISOString()}`,
  );
  assert.match(await machine.must(query('SELECT time_quality FROM release ORDER BY id DESC LIMIT 1')), /^manual$/);
  await machine.must('systemctl start systemd-timesyncd');
  await machine.until(`test -e ${synchronized}`);
  box.say(
    'a phone is refused while the network tells the time, and sets the clock where it does not: a record is sent, dated by it',
  );
}

async function prepared(box) {
  const { machine, say } = box;
  const told = await machine.must('/usr/lib/lanewarden/prepare-pi --data LABEL=lanewarden-data --ntp 10.0.2.2');
  assert.match(told, /take effect at the next boot/);
  assert.match(
    await machine.must('/usr/lib/lanewarden/prepare-pi --data LABEL=lanewarden-data --ntp 10.0.2.2'),
    /everything is as it should be/,
  );
  // Not from the agent itself, which would be gone before it had answered.
  await machine.must('sync; systemd-run -q --on-active=2 systemctl reboot');
  await machine.bootedAgain();
  await machine.must(LINES);
  await watching(box);
  await machine.until(READ_ONLY);
  await machine.must('findmnt /var/lib/lanewarden && findmnt /etc/lanewarden && findmnt /data');
  assert.equal(
    await machine.must('systemctl --failed --no-legend | wc -l'),
    '0',
    await machine.must('systemctl --failed --no-legend'),
  );
  await openedAt(box, 'uart');
  say('prepared and rebooted: ready with a read-only root, nothing failed, the story again');
}

/** The kernel stands still and boots nothing anew; the only one left is the watchdog of the hardware, which prepare-pi has put to use. */
export async function hung(box) {
  const { machine, say } = box;
  await machine.until('grep -qx active /sys/class/watchdog/watchdog0/state');
  await machine.qmp('watchdog-set-action', { action: 'reset' });
  const at = Date.now();
  await machine.must(
    "systemd-run -q --on-active=2 sh -c 'echo 0 > /proc/sys/kernel/panic; echo c > /proc/sysrq-trigger'",
  );
  await machine.bootedAgain();
  const took = Math.round((Date.now() - at) / 1000);
  await machine.qmp('watchdog-set-action', { action: 'none' });
  await machine.must(LINES);
  await watching(box);
  await machine.until(READ_ONLY);
  await openedAt(box, 'uart');
  say(
    `a kernel that stands still: reset by the watchdog of the hardware and booted ${took} s later, ready, the story again`,
  );
}
