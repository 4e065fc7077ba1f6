/**
 * A camera with a barrier and inputs wired to it, in a process of its own: HTTP with a digest login, and Vzenith's TCP protocol on another
 * port. It says its two ports in a line, then every request it gets, one JSON line each. What is written to its standard input, one JSON
 * line each, becomes its state: { arm: 0|1|2, inputs: [0|1…], silent: bool, password: text }.
 */
import { createHash } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

let state = { arm: 1, inputs: [0, 0, 0, 0], silent: false, password: 'right' };
createInterface({ input: process.stdin }).on('line', (line) => {
  state = { ...state, ...JSON.parse(line) };
  tell({ state });
});
const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const md5 = (text) => createHash('md5').update(text).digest('hex');

function mayEnter(request) {
  const fields = Object.fromEntries(
    [...(request.headers.authorization ?? '').matchAll(/(\w+)="?([^",]+)"?/g)].map(([, key, value]) => [key, value]),
  );
  const one = md5(`viewer:cam:${state.password}`);
  const two = md5(`${request.method}:${fields.uri}`);
  return fields.response === md5(`${one}:${fields.nonce}:${fields.nc}:${fields.cnonce}:${fields.qop}:${two}`);
}

const xml = (name, inner) => `<?xml version="1.0"?>\n<${name} xmlns="http://x" version="2.0">${inner}</${name}>\n`;
function answerTo(url) {
  if (/^\/ISAPI\/Parking\/channels\/\d+\/barrierGate\/barrierGateStatus$/.test(url))
    return xml('BarrierGateStatus', `<barrierGateStatus>${state.arm}</barrierGateStatus>`);
  const [, number] = /^\/ISAPI\/System\/IO\/inputs\/(\d+)\/status$/.exec(url) ?? [];
  if (number !== undefined)
    return xml(
      'IOPortStatus',
      `<ioPortID>${number}</ioPortID><ioState>${state.inputs[number - 1] ? 'active' : 'inactive'}</ioState>`,
    );
  if (url === '/cgi-bin/alarm.cgi?action=getInState')
    return `result=${state.inputs.reduce((sum, on, bit) => sum + (on ? 2 ** bit : 0), 0)}\r\n`;
  return undefined;
}

const http = createHttp((request, response) => {
  tell({ request: `${request.method} ${request.url}`, login: request.headers.authorization !== undefined });
  if (state.silent) return;
  if (!mayEnter(request)) {
    response.writeHead(401, { 'www-authenticate': 'Digest realm="cam", qop="auth", nonce="n1", algorithm=MD5' }).end();
    return;
  }
  const body = answerTo(request.url);
  response.writeHead(body === undefined ? 404 : 200).end(body);
});

const vzenith = createServer((socket) => {
  let held = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 8 && held.length >= 8 + held.readUInt32BE(4)) {
      const length = held.readUInt32BE(4);
      const json = held.subarray(8, 8 + length).toString();
      const type = held[2];
      held = held.subarray(8 + length);
      tell({ packet: type, json });
      if (type !== 0 || state.silent) continue;
      const { gpio } = JSON.parse(json);
      // A camera talks of other things in between.
      for (const said of [
        { cmd: 'something_else' },
        { cmd: 'get_gpio_value', gpio, state_code: 200, value: state.inputs[gpio] },
      ]) {
        const text = Buffer.from(JSON.stringify(said));
        const head = Buffer.from([0x56, 0x5a, 0, 0, 0, 0, 0, 0]);
        head.writeUInt32BE(text.length, 4);
        socket.write(Buffer.concat([head, text]));
      }
    }
  });
});

http.listen(0, '127.0.0.1', () =>
  vzenith.listen(0, '127.0.0.1', () => tell({ http: http.address().port, vzenith: vzenith.address().port })),
);
