// The box of the tests: three lanes on three kinds of wire, what drives them, the platform and the clock beside them.
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../dist/src/clock.js';
import { startPlatform } from '../../dist/src/sim/platform/platform.js';
import { CLOSED, POINTS, UNPAID } from '../box/unpaid.mjs';

const SECRET = 'a secret of the test';
const TOKEN = 'token-of-the-test-long-enough';
export const LANES = { uart: '1001', gpio: '1002', usb: '1003' };
/** As the adapter of the third lane names itself. */
export const ADAPTER = 'LANE3';

/** Shell that writes the configuration as its owner has it. */
export function configure(platformPort, uart) {
  const points = (prefix, from) => POINTS.map((role, at) => `${role}: ${prefix}${from + at}`).join(', ');
  const board = (id) =>
    `devices: [{ id: ${id}, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1, pollMs: 200, timeoutMs: 5000 }]`;
  const lane = (id, points) =>
    `  - { id: "${id}", name: 通道${id}, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { ${points} }, settings: { settle: 1s, reportFrom: possible } }`;
  const yaml = `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://10.0.2.2:${platformPort}", appSecret: { secret: cloud.appSecret }, clockHold: 300s, mode: production }
lines:
  - { id: uart, port: ${uart}, baudRate: 115200, ${board('io1')} }
  - { id: usb, port: /dev/lanewarden/serial-${ADAPTER}, baudRate: 115200, ${board('io3')} }
gpio:
  - { id: io2, kind: gpio, chip: gpio-lines, lines: { ${POINTS.map((_, at) => `in${at}: ${at}`).join(', ')} } }
lanes:
${lane(LANES.uart, points('io1.di', 1))}
${lane(LANES.gpio, points('io2.in', 0))}
${lane(LANES.usb, points('io3.di', 1))}
intake: { http: { enabled: true, listen: "0.0.0.0:8081", tokens: [{ name: pms, secret: intake.pms }] } }
page: { listen: "127.0.0.1:8080", https: false }
store: { path: /var/lib/lanewarden, framesMax: 10MB }
`;
  return `umask 077; cat > /etc/lanewarden/lanewarden.yaml <<'TEXT'
${yaml}TEXT
cat > /etc/lanewarden/secrets.yaml <<'TEXT'
cloud.appSecret: "${SECRET}"
intake.pms: "${TOKEN}"
TEXT
chown -R lanewarden: /etc/lanewarden; lanewarden check --config /etc/lanewarden/lanewarden.yaml`;
}

const STEP_MS = 15 * 60_000;

/** Through a board on the host. A slow guest asks seldom: each step stays until it has been asked for often enough to have seen it. */
export async function unpaidAtBoard(board, steps = UNPAID) {
  for (const [inputs, ms] of steps) {
    board.inputs = inputs;
    const before = board.requests;
    const began = Date.now();
    await sleep(ms);
    while (board.requests < before + 4) {
      if (Date.now() - began > STEP_MS) throw new Error('the board is not read any more');
      await sleep(20);
    }
  }
}

const LEVELS = '/sys/devices/platform/gpio-lines/levels';
/** After each boot: the lines are there, and the arm is down. */
export const LINES = `insmod /root/gpio-lines.ko && echo ${CLOSED} > ${LEVELS}`;
/** Through the lines of the guest, as one command there. */
export const UNPAID_AT_LINES = UNPAID.map(([inputs, ms]) => `echo ${inputs} > ${LEVELS}; sleep ${ms / 1000}`).join(
  '; ',
);

export async function platformOf(onRecord) {
  const platform = await startPlatform({ clock: systemClock(), secret: SECRET, ...(onRecord && { onRecord }) });
  const of = (lane) => platform.records.filter(({ fields }) => fields.gate_id === lane);
  return { platform, of, port: Number(new URL(platform.url).port), close: () => platform.close() };
}

/** Tells a payment; true once the box says that it has it. */
export async function pay(port, id, lane) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/grants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id, lane, plate: '粤B12345' }),
      signal: AbortSignal.timeout(60_000),
    });
    await answer.arrayBuffer();
    return answer.status === 202;
  } catch {
    return false;
  }
}

/** A time server (RFC 4330) that tells this machine's time, once it is switched on. */
export function timeServer() {
  const socket = createSocket('udp4');
  const server = { isOn: false, answers: 0, close: () => socket.close() };
  const stamp = (bytes, at) => {
    const ms = Date.now();
    bytes.writeUInt32BE(Math.floor(ms / 1000) + 2_208_988_800, at);
    bytes.writeUInt32BE(Math.floor(((ms % 1000) / 1000) * 2 ** 32), at + 4);
  };
  socket.on('message', (question, from) => {
    if (!server.isOn || question.length < 48) return;
    const answer = Buffer.alloc(48);
    // Version 4, a server of the first stratum.
    answer[0] = 0x24;
    answer[1] = 1;
    answer[3] = 0xec;
    stamp(answer, 16);
    question.copy(answer, 24, 40, 48);
    stamp(answer, 32);
    stamp(answer, 40);
    server.answers += 1;
    socket.send(answer, from.port, from.address);
  });
  return new Promise((resolve) => socket.bind(123, '127.0.0.1', () => resolve(server)));
}
