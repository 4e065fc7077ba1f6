// What a reader fills in: the places in the blocks that stand for something of his own, and what stands there in a run. Addresses are none: the network
// of a run has those of the documents (box.mjs).
import { BROKER_PASSWORD, CAMERA_PASSWORD, SERIAL_PORT, TOKEN } from './box.mjs';

const PASSPHRASE = 'five unrelated green words';

/** Compared by a person with what the operator's own command printed. */
const TRUST =
  '$(sudo lanewarden provision show /media/usb/fleet.lwp | grep -oE "[0-9a-f]{4}(-[0-9a-f]{4}){3}" | head -n 1)';

/** The editor, with the example open: each "…" of it. */
const FILLED = (file) =>
  ` && sudo sed -i -e 's/uuid: "…"/uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a"/' -e 's|url: "…"|url: http://192.0.2.64|' ${file}`;

/** `text`: as the page has it; `is`: what stands there, of the place it runs in; `why`. The first that fit are filled in first. */
const PLACES = [
  { text: '令牌TOKEN', is: () => TOKEN, why: 'the token of the intake' },
  { text: '密码PASSWORD', is: () => BROKER_PASSWORD, why: 'the password at the broker' },
  { text: '公钥PIN', is: pinOf, why: 'the pin of the certificate of this box' },
  { text: 'LANEWARDEN_PASSPHRASE=…', is: () => `LANEWARDEN_PASSPHRASE='${PASSPHRASE}'`, why: 'a passphrase' },
  { text: 'LANEWARDEN_SECRET=…', is: () => 'LANEWARDEN_SECRET=123', why: 'the secret at the platform' },
  ...['/etc/lanewarden/lanewarden.yaml', 'lanewarden.yaml'].map((file) => ({
    text: new RegExp(`(?<=lanewarden\\.example\\.yaml ${file.replaceAll('.', '\\.')})(?=\\s)`, 'g'),
    is: () => FILLED(file).replace(/sudo /, file.startsWith('/') ? 'sudo ' : ''),
    why: 'the values of a park, for the dots of the example',
  })),
  { text: 'cloud.appSecret: "…"', is: () => 'cloud.appSecret: "123"', why: 'the secret at the platform' },
  { text: 'cameras.cam1: "…"', is: () => `cameras.cam1: "${CAMERA_PASSWORD}"`, why: 'the password of the camera' },
  {
    text: 'INTAKE=http://127.0.0.1:…  TOKEN=…',
    is: ({ env }) => `INTAKE=${env.INTAKE} TOKEN=${env.TOKEN}`,
    why: 'what the demonstration prints',
  },
  { text: '/dev/serial/by-id/usb-…', is: () => SERIAL_PORT, why: 'the simulated serial port' },
  {
    text: /lanewarden_[\d.]+(-rc\.\d+)?_arm64\.deb/g,
    is: ({ package: name }) => name,
    why: 'the package that lies there',
  },
  { text: 'https://apt.example.com/', is: () => 'http://127.0.0.1:8000/', why: 'the repository of packages' },
  { text: '1a2b-3c4d-5e6f-7081', is: () => TRUST, why: 'what `provision show` says of the key' },
  {
    text: '--arch arm64',
    is: () => '--arch amd64 --draft',
    why: 'the architecture of this machine; packing small takes minutes',
  },
  {
    text: 'npm ci && ',
    is: () => '',
    why: 'a step of .ci/run by itself: it compiles for minutes and needs the registry',
  },
  { text: 'npm ci', is: () => 'true', why: 'as above' },
  { text: /--vehicles \d+/g, is: () => '--vehicles 20', why: 'a leg of .ci/run plays 1,000' },
  { text: 'test/scenarios/*.yaml', is: () => 'test/scenarios/10[1-4]*.yaml', why: 'a leg of .ci/run plays all' },
  ...['4711', '17', '18'].map((number) => ({
    text: new RegExp(`(?<=(?:show|retry|drop|evidence|evidence-|retry \\d+) ?)${number}(?![\\d-])`, 'g'),
    is: ({ records }) => records[number],
    where: ({ records }) => records !== undefined,
    why: 'the number of a record of this box',
  })),
];

/** Resolves to the script as the reader would type it, and the variables of his shell. */
export async function readerFills(script, place) {
  let text = script;
  for (const { text: gap, is, where = () => true } of PLACES) {
    const isThere = typeof gap === 'string' ? text.includes(gap) : text.search(gap) >= 0;
    if (!isThere || !where(place)) continue;
    const value = await is(place);
    text = text.replaceAll(gap, () => value);
  }
  return { text, env: { LANEWARDEN_CAMERA_PASSWORD: CAMERA_PASSWORD, ...place.env } };
}

/** As the page "API" shows it. */
function pinOf(place) {
  const command =
    'openssl x509 -in /var/lib/lanewarden/page/certificate.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64';
  return place.must('sh', '-c', command).trim();
}
