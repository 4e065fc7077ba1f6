/**
 * The walk of an installer with a phone, from a box that knows nothing to its first release, by page alone. The same steps in every engine and in both
 * languages; what is to be pressed is named by the page's own texts.
 */
import { closeSync, openSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { startCamera } from '../../../src/sim/devices/camera.ts';
import { keyText } from '../../../src/text/keys/keys.ts';
import { nameOfSignal } from '../../../src/text/page/ui-lane.ts';
import { shellText } from '../../../src/text/page/ui-shell.ts';
import { stepName, wizardText } from '../../../src/text/page/ui-wizard.ts';
import { earningText } from '../../../src/text/page/wizard/steps.made.ts';
import { teachText } from '../../../src/text/teach.ts';
import { type Language, plain } from '../../../src/text/text.ts';
import { named } from '../../../src/ui/config/schema.ts';
import { endings } from '../../endings.ts';
import { type BoardOnPty, boardOnPty, polled } from '../../stories/board.ts';
import { platformProcess, program, ptyPair, type Running, temporaryFolder } from '../../stories/processes.ts';
import { eventuallyAsked } from '../eventually-asked.ts';
import type { EnginePage } from './engine.ts';
import { type Person, person } from './person.ts';

const PASSWORD = 'four-horses-and-a-cart';
const SECRET = 'the-secret-of-the-platform';
const PARK = '49f0cc52-e8c7-41e3-b54d-af666b8cc11a';
const CAMERA = { user: 'admin', password: 'password-of-the-camera' };

export interface Site {
  readonly running: Running;
  readonly url: string;
  readonly setupCode: string;
  readonly port: string;
  readonly wired: BoardOnPty;
  /** Without a scheme. */
  readonly camera: string;
  readonly platform: Awaited<ReturnType<typeof platformProcess>>;
}

/** A cabinet with a board, a camera and a box whose configuration says no more than where its page, its state and its platform are; it does not wait for a
 * time server. */
export async function newSite(): Promise<Site> {
  const folder = temporaryFolder();
  const clock = systemClock();
  const pty = await ptyPair(folder);
  endings.push(() => pty.socat.end('SIGKILL'));
  // socat ends when nobody has the near end open, which a wire does not.
  const held = openSync(pty.near, 'r+');
  endings.push(() => closeSync(held));
  const wired = await boardOnPty(pty.far);
  endings.push(() => wired.close());
  const scene = () => ({ wallMs: clock.wallMs(), laneId: '1001', armPosition: 1, vehicles: [] });
  const camera = await startCamera({ clock, scene, login: CAMERA });
  endings.push(() => camera.close());
  const platform = await platformProcess(SECRET);
  endings.push(() => platform.running.end());
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(
    file,
    `page: { listen: "127.0.0.1:0" } # ours\ncloud: { url: "${platform.url}", clockHold: 0 }\nstore: { path: "${join(folder, 'state')}" }\n`,
  );
  const running = program(['run', '--config', file, '--lang', 'en']);
  endings.push(() => running.end('SIGKILL'));
  await running.says(/local page: https:\/\/127\.0\.0\.1:\d+/);
  await running.says(/set-up code [A-Z0-9-]+/);
  const said = (pattern: RegExp): string => pattern.exec(running.output())?.[1] ?? '';
  return {
    ...{ running, wired, platform },
    url: said(/(https:\/\/127\.0\.0\.1:\d+)/),
    setupCode: said(/set-up code ([A-Z0-9-]+)/),
    port: realpathSync(pty.near),
    camera: new URL(camera.url).host,
  };
}

/** Order and pauses of one car that the attendant lets out. */
const ONE_CAR: readonly (readonly [ms: number, inputs: Partial<BoardOnPty['levels']>])[] = [
  [1_500, { approach: true }],
  [400, { button: true }],
  [500, { down: false }],
  [3_500, { button: false }],
  [1_000, { barrier: true }],
  [1_500, { approach: false }],
  [2_500, { barrier: false }],
  [0, { down: true }],
];

async function oneCar({ wired, running }: Site): Promise<void> {
  for (const [ms, inputs] of ONE_CAR) {
    Object.assign(wired.levels, inputs);
    await polled(wired.board, running, 3);
    await systemClock().sleep(ms);
  }
}

export interface Walked {
  readonly effort: Person['effort'];
  /** From the first page to the release, without the cars that drive through. */
  readonly waited: ReturnType<Person['waited']>;
  readonly wholeMs: number;
}

export interface WalkOptions {
  readonly language: Language;
  /** Before each step is left. */
  readonly look?: (step: string) => Promise<void>;
}

export async function walk(
  page: EnginePage,
  site: Site,
  { language, look = async () => {} }: WalkOptions,
): Promise<Walked> {
  const say = (text: { readonly zh: string; readonly en: string }): string => text[language];
  const key = (path: string): string => named({ description: say(keyText(path) ?? plain(path)) }, path).label;
  const { tap, fill, sees, seesNot, shows, can, effort, waits, waited } = person(page);
  const { running, wired, platform } = site;
  const beganMs = performance.now();
  const sent = () => platform.records().map(({ fields }) => String((fields as Record<string, unknown>).parking_serial));

  await page.goto(site.url);
  await page.evaluate(`localStorage.setItem('lanewarden.language', '${language}')`);
  // As the QR code of the label opens it.
  await page.goto(`${site.url}/?${language}#/setup?code=${site.setupCode}`);
  await fill({
    [say(shellText.user)]: 'li',
    [say(shellText.newPassword)]: PASSWORD,
    [say(shellText.passwordAgain)]: PASSWORD,
  });
  expect(await page.evaluate(`document.querySelector('input').value`)).toBe(site.setupCode);
  await look('setup');
  await tap('button', say(shellText.create));

  // The first page is the wizard, and says nothing that is not so.
  await sees(say(wizardText.first));
  await sees(say(wizardText.firstRestore));
  expect(await page.evaluate('location.hash')).not.toContain('code');
  expect(await page.evaluate('document.body.innerText')).not.toMatch(/\d faults|last good|\b0 B/);
  // The park is all that no search finds.
  await fill({ [key('park.uuid')]: PARK, [key('cloud.appSecret')]: SECRET }, 'pasted');
  await look('park');
  await tap('button', say(wizardText.toConnected));
  // What is connected: a board is found, the camera is told. Taking the board has led to the camera's address.
  await fill({ [key('lines.port')]: site.port }, 'pasted');
  await tap('tick', say(wizardText.alone));
  await look('search');
  await tap('button', say(wizardText.scan));
  await tap('button', say(wizardText.take));
  await fill({
    [key('cameras.hikvision.url')]: site.camera,
    [key('cameras.hikvision.user')]: CAMERA.user,
    [key('cameras.hikvision.password')]: CAMERA.password,
  });
  await look('connected');
  await tap('button', say(wizardText.toLane));
  // The lane, with what was found.
  await sees(key('lanes.name'));
  await look('lane');
  await tap('button', say(wizardText.write));

  // One car teaches the wiring. On a busy machine the simulated board may answer too late: then the page asks for another car.
  for (let cars = 1; ; cars += 1) {
    await tap('button', say(wizardText.teachStart));
    await sees(say(teachText.ask('car', 'button')));
    await look('car');
    await polled(wired.board, running);
    await oneCar(site);
    await eventuallyAsked(
      'the car is judged',
      async () => (await shows(say(wizardText.teachTaught))) || (await can('button', say(wizardText.teachStart))),
      running.output,
    );
    if (await shows(say(wizardText.teachTaught))) break;
    expect(cars, running.output()).toBeLessThan(3);
    effort.taps -= 1;
  }
  for (const role of ['approach', 'barrier', 'button', 'down'])
    await eventuallyAsked(`${role} is proposed`, () =>
      page.evaluate<boolean>(
        `[...document.querySelectorAll('.signal-row option:checked')].some((one) => one.textContent === ${JSON.stringify(say(nameOfSignal(role)))})`,
      ),
    );
  await look('taught');
  await tap('button', say(wizardText.teachConfirm));

  // The picture of the camera is taken at once.
  await sees(say(wizardText.pictureAsk));
  await look('picture');
  // The platform, with one marked record.
  expect(sent()).toEqual([]);
  await tap('button', say(wizardText.pictureGood));
  await sees(say(wizardText.passed));
  await look('passed');
  // Payments before acceptance: nothing tells of any here, and the installer signs that.
  await tap('link', `${say(wizardText.next)}: ${say(stepName.paid)}`);
  await look('payments');
  await tap('button', say(earningText.signNothing));
  await sees(say(wizardText.written));
  await tap('link', `${say(wizardText.next)}: ${say(stepName.sheet)}`);
  await look('sheet');
  expect(sent()).toEqual([expect.stringMatching(/^TEST-/)]);
  await tap('button', say(wizardText.endTest));
  await seesNot(say(wizardText.inTest));

  // And a car that the attendant lets out.
  await polled(wired.board, running);
  await oneCar(site);
  await waits(eventuallyAsked('the platform has the release', async () => sent().length === 2, running.output));
  await page.evaluate(`(location.hash = '#/overview', null)`);
  await waits(
    eventuallyAsked('the release is on the page', () =>
      page.evaluate<boolean>(`document.querySelector('.last-release a') !== null`),
    ),
  );
  await look('release');
  expect(sent().filter((serial) => serial.startsWith('TEST-'))).toHaveLength(1);
  expect(wired.board.commandsSeen).toEqual([]);
  return { effort, waited: waited(), wholeMs: performance.now() - beganMs };
}
