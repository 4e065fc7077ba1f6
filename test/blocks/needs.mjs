// What a block finds when its page is read to that place: `needs: NAME` of its mark, each met once for a page, in the order in which they are named. One that
// ends in .yaml is the page's own block of that name, which becomes part of the box's configuration.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join, normalize } from 'node:path';
import { parse, stringify } from 'yaml';
import { until } from '../box/machine.mjs';
import { BROKER_PASSWORD, configure, forward, restart, SECRETS, startPark, stopService } from './box.mjs';

/** Kept for the pages after the first that needs them: records take a while to come. */
const kept = mkdtempSync(join(tmpdir(), 'lanewarden-records-'));
process.once('exit', () => rmSync(kept, { recursive: true, force: true }));

/** Resolves when it is met. */
export async function meet(need, place, page) {
  if (place.met.has(need)) return;
  place.met.set(need, true);
  if (need.endsWith('.yaml')) return takeConfiguration(need, place, page);
  const how = NEEDS[need];
  if (how === undefined) throw new Error(`no such need: ${need}`);
  await how(place, page);
}

async function takeConfiguration(name, place, { blocks }) {
  const { lines } = blocks.find(({ mark }) => mark?.kind === 'file' && mark.name === name);
  place.more = { ...place.more, ...parse(lines.join('\n')) };
  await configure(place, place.park, place.more);
}

const NEEDS = {
  /** A running service, and the simulated cabinet around it. */
  service: async (place) => {
    const park = await startPark(place);
    const at = (url) => url.replace(/^.*:\/\//, '');
    const servers = [
      forward('192.0.2.64:80', at(park.cameras[0].url)),
      forward('192.0.2.10:4196', at(park.lines[2].port)),
      forward(park.intake.http.listen, '127.0.0.1:8081'),
    ];
    place.park = park;
    place.ending.push(() => {
      for (const server of servers) server.close();
    });
    await configure(place, park);
  },
  'no service': async (place) => stopService(place),
  /** Two that the platform refused, one with the plate of the documents; and one that it has. */
  records: async (place) => {
    const file = join(kept, 'state.tar');
    if (existsSync(file)) {
      stopService(place);
      place.put(file, '/srv/state.tar');
      place.must('sh', '-euc', 'rm -r /var/lib/lanewarden/*; tar -xf /srv/state.tar -C /var/lib/lanewarden');
      await restart(place);
    } else {
      const records = () => JSON.parse(place.must('lanewarden', 'queue', 'ls', '--json'));
      const come = (state, count) =>
        until(
          `${count} records are ${state}`,
          () => records().filter((each) => each.state === state).length >= count,
          () => `${JSON.stringify(records())}\n${place.park.output()}\n${place.journal('lanewarden.service')}`,
        );
      place.park.say('car 粤B12345');
      await come('delivered', 1);
      place.park.say('fault platform-400');
      place.park.say('car 粤B54321');
      place.park.say('1004 car 粤B12345');
      await come('parked', 2);
      place.must('tar', '-cf', '/srv/state.tar', '-C', '/var/lib/lanewarden', '.');
      execFileSync('cp', [place.inside('/srv/state.tar'), file]);
    }
    const all = JSON.parse(place.must('lanewarden', 'queue', 'ls', '--json'));
    const [one, two] = all.filter(({ state }) => state === 'parked').map(({ id }) => String(id));
    place.records = { 17: one, 18: two, 4711: one };
  },
  /** The site's, at the address of the documents, with the users of the documents. */
  broker: async (place) => {
    place.write(
      '/etc/mosquitto/conf.d/site.conf',
      'listener 1883 192.0.2.7\nallow_anonymous true\npassword_file /etc/mosquitto/users\n',
    );
    place.must(
      'sh',
      '-euc',
      `cd /etc/mosquitto; : >users; for user in pms lanewarden; do mosquitto_passwd -b users $user '${BROKER_PASSWORD}'; done; chown mosquitto: users`,
    );
    place.must('systemctl', 'start', 'mosquitto');
  },
  /** What whoever receives the status kept of it. */
  heads: async (place, page) => {
    await meet('broker', place, page);
    place.more = { ...place.more, publish: { mqtt: { enabled: true, url: 'mqtt://192.0.2.7:1883', box: 'gate-1' } } };
    const heard = place.shell(
      'mosquitto_sub -h 192.0.2.7 -t lanewarden/gate-1/status >FILE & until grep -q head FILE; do sleep 0.2; done; kill $!',
    );
    await configure(place, place.park, place.more);
    await heard.ended;
  },
  /** The auditor's own copy of it. */
  verifier: async (place) => {
    place.must('mkdir', '-p', `${place.folder}/test/evidence`);
    place.put('test/evidence/verify.py', `${place.folder}/test/evidence/verify.py`);
  },
  /** The package of this commit, as it lies where the reader is. */
  package: async (place) => {
    place.put(place.deb);
    place.package = basename(place.deb);
  },
  /** A newer one, whose key the box trusts. */
  update: async (place) => {
    const { carrying, updateKey, variant } = await import('../box/packages.mjs');
    const folder = mkdtempSync(join(kept, 'update-'));
    place.package = variant(folder, '99.0.0');
    place.write(`${place.folder}/${place.package}`, carrying(join(folder, place.package)));
    place.write('/etc/lanewarden-update.pub', updateKey.pem);
  },
  /** `lanewarden demo` of the vendors' page, and what it prints in the reader's shell. */
  demo: async (place) => {
    const say = (line) => writeFileSync(place.inside('/srv/words'), `${line}\n`, { flag: 'a' });
    place.write('/srv/words', 'traffic off\n');
    const demo = place.start(
      'sh',
      '-c',
      'tail -n +1 -f /srv/words | lanewarden demo --today --arm-port 8090 --lang en',
    );
    const found = (pattern) => pattern.exec(demo.output())?.[1];
    const lane = () => place.run('curl', '-sS', 'http://127.0.0.1:8090/arm?lane=1001').stdout;
    const about = () => demo.output() + lane();
    // The story that it begins with comes to its end first.
    await until('the lane is empty', () => /"arm":"down".*"vehicles":\[\]/.test(lane()), about, 150_000);
    say('arrive 粤B86420');
    await until('the car waits', () => /"arm":"down".*"a":true.*"vehicles":\["粤B86420"\]/.test(lane()), about);
    place.env = {
      ARM: 'http://127.0.0.1:8090',
      INTAKE: found(/(http:\/\/[\d.:]+)\/api\/v1\/grants/) ?? found(/intake.*?(http:\/\/[\d.:]+)/i),
      TOKEN: found(/(?:token|Bearer) ?:? ?([\w-]{16,})/i),
    };
    if (place.env.INTAKE === undefined || place.env.TOKEN === undefined) throw new Error(demo.output());
  },
  /** One more, made under the configuration of now. */
  record: async (place) => {
    const last = () => JSON.parse(place.must('lanewarden', 'queue', 'ls', '--json'))[0]?.id ?? 0;
    const before = last();
    place.park.say('car 粤B54321');
    await until(
      'one more record is there',
      () => last() > before,
      () => place.journal('lanewarden.service'),
    );
    place.records = { ...place.records, 17: String(last()) };
  },
  /** What a person noted of a record, and the text that a platform says it signed. */
  fields: async (place) => {
    place.write(`${place.folder}/fields.json`, '{"app_id":"op1","plate":"粤KKKKKK"}\n');
    place.write(
      `${place.folder}/facts.json`,
      '{"serial":"E-1","time":"2026-11-27T18:00:00+08:00","plate":"粤B12345"}\n',
    );
    place.write(`${place.folder}/theirs.txt`, 'plate=粤B12345&app_secret=***\n');
  },
  /** The row of this box in the page's own description, and a USB stick that is the operator's folder. */
  fleet: async (place, { blocks }) => {
    const { lines } = blocks.find(({ mark }) => mark?.name === 'fleet.yaml');
    const id = parse(place.must('lanewarden', 'provision', 'id'));
    const [[name, { key }]] = Object.entries(id);
    const description = parse(lines.join('\n'));
    const [[, row]] = Object.entries(description.boxes);
    const config = parse(place.read('/etc/lanewarden/lanewarden.yaml'));
    const [lane] = config.lanes;
    const [camera] = config.cameras;
    const values = { ...row.values, park: config.park.uuid, camera: camera.url.slice('http://'.length) };
    config.park.uuid = '$(park)';
    Object.assign(lane, { id: '$(lane)', name: '$(gate)' });
    camera.url = 'http://$(camera)';
    place.write(`${place.folder}/lanewarden.yaml`, stringify(config));
    description.boxes = { [name]: { key, values, secrets: { 'cameras.password': SECRETS['cameras.password'] } } };
    description.secrets = { 'cloud.appSecret': SECRETS['cloud.appSecret'] };
    description.users[0].password = 'seven unrelated blue words';
    description.tokens[0].token = `lw_${'a1B2'.repeat(11)}`;
    place.write(`${place.folder}/fleet.yaml`, stringify(description));
    place.must('ln', '-s', `${place.folder}/fleet.lwp`, '/media/usb/fleet.lwp');
  },
  /** A file in place of the card's third partition. */
  partition: async (place) => place.must('truncate', '--size=64M', '/dev/mmcblk0p3'),
  /** apt has nothing to fetch: there is no network here. */
  'no mirror': async (place) => place.must('sh', '-c', 'rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*'),
  /** One of ours, signed, and its key where the reader is. */
  'apt repository': async (place, page) => {
    await meet('no mirror', place, page);
    const { repository, server } = publishPackages(kept, place.deb);
    place.ending.push(() => server.close());
    place.put(join(repository, 'lanewarden.gpg'));
  },
};

function publishPackages(work, deb) {
  const repository = join(work, 'repository');
  const env = { ...process.env, GNUPGHOME: join(work, 'gnupg') };
  const key = 'releases@lanewarden.invalid';
  if (!existsSync(repository)) {
    mkdirSync(env.GNUPGHOME, { mode: 0o700 });
    const words = ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', key, 'ed25519', 'sign', 'never'];
    execFileSync('gpg', words, { env, stdio: 'ignore' });
    const make = ['deploy/apt-repository.mjs', '--out', repository, '--key', key, deb];
    execFileSync(process.execPath, make, { env, stdio: 'ignore' });
    execFileSync('gpgconf', ['--kill', 'gpg-agent'], { env });
  }
  const server = createServer((request, response) => {
    const file = join(repository, normalize(decodeURIComponent(request.url)));
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  server.listen(8000, '127.0.0.1');
  return { repository, server };
}
