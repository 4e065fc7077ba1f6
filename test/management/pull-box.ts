/** What reads management systems, with a store on a real disk and the compiled reading thread, and what it accepted. */
import { pathToFileURL } from 'node:url';
import { runPulledSystems } from '../../src/app/pull/pulled-systems.ts';
import { systemClock } from '../../src/clock.ts';
import { ConfigDocument } from '../../src/config/document.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { SystemConfig } from '../../src/config/types.ts';
import { systemPeer } from '../../src/config/written-peers.ts';
import { Channels } from '../../src/intake/channels.ts';
import type { IntakeEvent, IntakeOutcome } from '../../src/intake/events.ts';
import { IgnoredMessages } from '../../src/intake/ignored-messages.ts';
import { intakeProfiles } from '../../src/management/profile.ts';
import { confirmedPeers } from '../confirmed-peers.ts';
import { dist, open } from '../store/open.ts';

export const readingWorker = pathToFileURL(`${dist}/src/management/pull/pull-worker.js`);

/** A system by the text of its profile. */
export function pulledSystem(yaml: string, more: Partial<SystemConfig>): SystemConfig {
  const profile = intakeProfiles.schema.parse(new ConfigDocument('profile.yaml', yaml).value);
  const own = { name: 'booth', profileName: 'own', profile, values: {}, secrets: {}, lanes: {}, from: [], everyMs: 50 };
  return { ...own, ...more };
}

export const password = (text: string): Secret => new Secret(text);

export interface PullBox {
  readonly grants: Extract<IntakeEvent, { kind: 'grant' }>['grant'][];
  readonly lines: string[];
  readonly channels: Channels;
  readonly ignored: IgnoredMessages;
  /** As a power cut: nothing is said to anybody. */
  kill(): Promise<void>;
}

export async function openPullBox(
  systems: readonly SystemConfig[],
  folder: string,
  accept: (id: string) => Promise<IntakeOutcome> = async () => 'accepted',
  aheadMs = 0,
): Promise<PullBox> {
  const clock = systemClock();
  const store = await open({ path: folder, clock });
  const grants: PullBox['grants'] = [];
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }): void => void lines.push(`${text.zh} ${text.en}`);
  const channels = new Channels(
    systems.map(({ name }) => name),
    () => clock.nowMs(),
    () => undefined,
  );
  const ignored = new IgnoredMessages(() => clock.nowMs());
  const stopped = new AbortController();
  const log = { debug: write, info: write, warn: write, error: write };
  const incoming = {
    clock,
    log,
    channels,
    ignored,
    lanes: [{ id: '1001', name: '通道A' }],
    parkUuid: '',
    laneTimeMs: (wallMs: number) => wallMs,
    laneNowMs: () => clock.wallMs(),
    accept: async (event: IntakeEvent): Promise<IntakeOutcome> => {
      if (event.kind !== 'grant') return 'accepted';
      const outcome = await accept(event.grant.id);
      if (outcome !== 'full') grants.push(event.grant);
      return outcome;
    },
  };
  const parts = {
    clock,
    log,
    incoming,
    facts: store.parkFacts,
    wallMs: () => clock.wallMs() + aheadMs,
    worker: readingWorker,
    peers: await confirmedPeers(store, systems.map(systemPeer)),
  };
  const run = runPulledSystems(systems, parts, stopped.signal);
  return {
    grants,
    lines,
    channels,
    ignored,
    kill: async () => {
      stopped.abort();
      await run.catch(() => undefined);
      await store.close();
    },
  };
}
