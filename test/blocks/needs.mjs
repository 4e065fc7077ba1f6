// What a block finds when its page is read to that place: `needs: NAME` of its mark, each met once for a page, in the order in which they are named. One that
// ends in .yaml is the page's own block of that name, which becomes part of the box's configuration.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { until } from '../box/machine.mjs';
import { BROKER_PASSWORD, configure, forward, restart, startPark, stopService } from './box.mjs';

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
    const heard = place.shell('mosquitto_sub -h 192.0.2.7 -t lanewarden/gate-1/status | grep --max-count=1 head >FILE');
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
    place.write('/srv/words', 'traffic off\narrive 粤B86420\n');
    const demo = place.start(
      'sh',
      '-c',
      'tail -n +1 -f /srv/words | lanewarden demo --today --arm-port 8090 --lang en',
    );
    const found = (pattern) => pattern.exec(demo.output())?.[1];
    const arm = () => place.run('curl', '-sS', 'http://127.0.0.1:8090/arm?lane=1001').stdout;
    await until(
      'the car stands at the arm',
      () => arm().includes('粤B86420'),
      () => demo.output() + arm(),
    );
    place.env = {
      ARM: 'http://127.0.0.1:8090',
      INTAKE: found(/(http:\/\/[\d.:]+)\/api\/v1\/grants/) ?? found(/intake.*?(http:\/\/[\d.:]+)/i),
      TOKEN: found(/(?:token|Bearer) ?:? ?([\w-]{16,})/i),
    };
    if (place.env.INTAKE === undefined || place.env.TOKEN === undefined) throw new Error(demo.output());
  },
};
