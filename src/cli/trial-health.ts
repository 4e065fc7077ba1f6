/**
 * Health of a version on trial or on probation: its page and its intake answer over their own ports, the uploader moves, and what worked
 * before works again. A version notes what works when it stops; the next one is measured by it.
 */
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import { pollEveryMs } from '../app/lane-signals.ts';
import type { RunningBox } from '../box/box.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/types.ts';
import { reach } from '../delivery/http/reachability.ts';
import { type ProxyEnvironment, proxyOf } from '../outward/proxy.ts';
import { readText, removeDurably, writeDurably } from '../small-file.ts';
import { lackingText } from '../text/commands/update.made.ts';
import type { Text } from '../text/text.ts';

/** What worked when the version before stopped. */
export interface Worked {
  readonly devices: readonly string[];
  readonly channels: readonly string[];
  /** It has answered, and was not failing. */
  readonly platform: boolean;
}

const FILE = 'worked.json';
const OPENED_WITHIN_MS = 1_000;
/** The port is there before what answers on it is loaded. */
const FAULT_STATUS = 500;

export interface HealthParts {
  readonly clock: Clock;
  readonly stateFolder: string;
  readonly proxies: ProxyEnvironment | undefined;
  readonly hasPage: boolean;
  /** What works now is what the next version is measured by. */
  readonly isMeasure: () => boolean;
}

export class TrialHealth {
  readonly #parts: HealthParts;
  #worked: Promise<Worked | undefined> | undefined;
  #lacking: readonly Text[] = [lackingText.notLooked];
  #isLooking = false;
  /** Of the uploader, at the first look: it has to move on from there. */
  #lookedAtMs: number | undefined;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** The note speaks of the last orderly stop alone: a version that is killed leaves none. */
  async begin(): Promise<void> {
    if (this.#parts.isMeasure()) await removeDurably(join(this.#parts.stateFolder, FILE)).catch(() => undefined);
  }

  /** Before the app stops. A disk that refuses is reported by the store. */
  async end(app: App | undefined): Promise<void> {
    const { isMeasure, stateFolder } = this.#parts;
    if (app === undefined || !isMeasure()) return;
    await writeDurably(join(stateFolder, FILE), JSON.stringify(worksNow(app))).catch(() => undefined);
  }

  /** What is missing, as of the last look, and begins another one; empty: all is well. */
  lacking(box: RunningBox): readonly Text[] {
    if (!this.#isLooking) {
      this.#isLooking = true;
      void this.#look(box)
        .catch((error: Error) => [lackingText.fault(error.message)])
        .then((lacking) => {
          this.#lacking = lacking;
          this.#isLooking = false;
        });
    }
    return this.#lacking;
  }

  async #look({ host, page }: RunningBox): Promise<readonly Text[]> {
    const { clock, stateFolder, hasPage } = this.#parts;
    this.#worked ??= readWorked(stateFolder);
    const worked = await this.#worked;
    const { app } = host;
    // Another configuration than the file's is in force, or the disk refuses.
    if (host.refused !== undefined) return [lackingText.stalled];
    return [
      ...(hasPage && !(await pageAnswers(page, clock)) ? [lackingText.page] : []),
      ...(app === undefined ? noApp(worked) : await this.#lackingOf(app, worked)),
    ];
  }

  async #lackingOf(app: App, worked: Worked | undefined): Promise<readonly Text[]> {
    const { clock, proxies } = this.#parts;
    const { config, intakePorts, uploads } = app;
    const answering = await Promise.all(intakePorts.urls.map((url) => answers(url, clock)));
    const { lookedAtMs, answeredAtMs } = uploads.status();
    this.#lookedAtMs ??= lookedAtMs;
    const works = worksNow(app);
    const silent = (worked?.devices ?? []).filter((id) => isPolled(id, config) && !works.devices.includes(id));
    const blind = worked === undefined && works.devices.length === 0 && hasDevices(config);
    const down = app.intake.channels.all().filter(({ id, up }) => !up && worked?.channels.includes(id));
    const isCut =
      worked?.platform === true &&
      (['offline', 'refused'].includes(uploads.state()) ||
        (answeredAtMs === undefined && !(await platformAnswers(config, proxies, clock))));
    return [
      ...(answering.every(Boolean) && intakePorts.faults.length === 0 ? [] : [lackingText.intake]),
      ...(blind || (silent.length > 0 && works.devices.length === 0) ? [lackingText.blind] : []),
      ...(silent.length > 0 && works.devices.length > 0 ? [lackingText.devices(silent)] : []),
      ...(down.length > 0 ? [lackingText.channels(down.map(({ id }) => id))] : []),
      ...(lookedAtMs === this.#lookedAtMs ? [lackingText.uploader] : []),
      ...(isCut ? [lackingText.platform] : []),
    ];
  }
}

/** undefined: the version before was killed, or kept no such note. */
async function readWorked(stateFolder: string): Promise<Worked | undefined> {
  try {
    const { devices, channels, platform } = JSON.parse((await readText(join(stateFolder, FILE))) ?? '') as Worked;
    return { devices: [...devices], channels: [...channels], platform: platform === true };
  } catch {
    return undefined;
  }
}

function worksNow({ watch, intake, uploads }: App): Worked {
  return {
    devices: [...new Set([...watch.now().values()].map(({ deviceId }) => deviceId))],
    channels: intake.channels.all().flatMap(({ id, up }) => (up ? [id] : [])),
    platform: uploads.status().answeredAtMs !== undefined && !['offline', 'refused'].includes(uploads.state()),
  };
}

/** One that speaks by itself may have nothing to say for a night. */
function isPolled(id: string, config: Config): boolean {
  if (config.gpio.some((device) => device.id === id)) return true;
  const lines = config.lines.filter(({ listenOnly }) => !listenOnly);
  return lines.some(({ devices }) =>
    devices.some((device) => device.id === id && pollEveryMs(device, config) !== undefined),
  );
}

const hasDevices = ({ gpio, lines }: Config): boolean =>
  gpio.length > 0 || lines.some(({ devices }) => devices.length > 0);

/** A box without a configuration has nothing that could work; one whose configuration no longer comes up had. */
const noApp = (worked: Worked | undefined): readonly Text[] => (worked === undefined ? [] : [lackingText.lanes]);

async function pageAnswers(page: RunningBox['page'], clock: Clock): Promise<boolean> {
  const over = new AbortController();
  const late = clock.sleep(OPENED_WITHIN_MS, over.signal).then(() => undefined);
  const url = (await Promise.race([page?.opened, late]))?.url;
  over.abort();
  return url !== undefined && answers(url, clock);
}

/** Any answer but a fault: without a login there is none that is better. */
async function answers(url: string, clock: Clock): Promise<boolean> {
  const here = new URL(url);
  // It takes no name but those of the box.
  if (['0.0.0.0', '[::]'].includes(here.hostname)) here.hostname = 'localhost';
  const { answer } = await reach({ url: here.href, own: true }, clock);
  return answer !== undefined && answer.status < FAULT_STATUS;
}

async function platformAnswers({ cloud }: Config, proxies: ProxyEnvironment | undefined, clock: Clock) {
  const proxy = proxyOf(cloud, proxies);
  const { url, ca } = cloud;
  return (await reach({ url, ...(ca && { ca }), ...(proxy && { proxy }) }, clock)).answer !== undefined;
}
