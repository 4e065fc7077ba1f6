/**
 * Peers that a person has confirmed. Each confirmation is a row of the chain, signed by the key of the box; the newest stands in the table beside it.
 * What is only written into the configuration or the database counts for nothing.
 */
import type { Clock } from '../clock.ts';
import { BY_UPDATE } from '../config/camera-address.ts';
import type { CameraConfig, Config } from '../config/types.ts';
import { cameraPeer, type WrittenPeer, writtenPeers } from '../config/written-peers.ts';
import type { BoxKey } from '../evidence/box-key.ts';
import { type BoxFact, isSigned } from '../store/chain/chain.ts';
import { StoreError } from '../store/error.ts';
import type { Store } from '../store/types.ts';

type PeerFact = Extract<BoxFact, { readonly kind: 'peer' }>;
export type ConfirmedBy = PeerFact['how'];
export type PeerName = Pick<WrittenPeer, 'use' | 'name' | 'sha256'>;

/** Left by the step of the database that introduced confirmations: the peers of the version before have none yet. */
const BEFORE = 'before';

const BY_WATCH = 'lanewarden';

interface PeerParts {
  readonly store: Pick<Store, 'parkFacts' | 'time' | 'boot'>;
  /** undefined: it cannot be read; then nothing is confirmed. */
  readonly key: BoxKey | undefined;
  readonly clock: Clock;
}

/** What is signed. */
export const confirmationText = ({
  use,
  name,
  sha256,
  by,
  how,
  wallMs,
}: Omit<PeerFact, 'kind' | 'key' | 'signature'>) =>
  `lanewarden peer 1\n${use}\n${JSON.stringify(name)}\n${sha256}\n${JSON.stringify(by)}\n${how}\n${wallMs}`;

export class ConfirmedPeers {
  readonly #parts: PeerParts;
  readonly #facts = new Map<string, PeerFact>();
  /** They moved an arm: worth more than any confirmation of before. */
  readonly #stopped = new Set<string>();

  private constructor(parts: PeerParts) {
    this.#parts = parts;
  }

  /** Rejects with StoreError. */
  static async read(parts: PeerParts): Promise<ConfirmedPeers> {
    const peers = new ConfirmedPeers(parts);
    for (const { key, body } of await parts.store.parkFacts.rows('peer')) {
      const fact = key === BEFORE ? undefined : validFact(body, parts.key?.publicKey);
      if (fact === undefined || peerKey(fact) !== key) continue;
      peers.#facts.set(key, fact);
      if (fact.how === 'moved') peers.#stopped.add(key);
    }
    return peers;
  }

  /** Confirms what the version before used, once, so that it goes on. A disk that refuses lets the box start: the next start writes it. */
  static async open(
    parts: PeerParts,
    config: Pick<Config, 'destinations' | 'intake' | 'cameras'>,
  ): Promise<ConfirmedPeers> {
    const { store, key } = parts;
    const peers = await ConfirmedPeers.read(parts);
    if (key === undefined || !(await store.parkFacts.rows('peer')).some((row) => row.key === BEFORE)) return peers;
    const cameras = config.cameras.filter((camera) => confirmedIn(camera) !== undefined);
    const found = [...writtenPeers(config), ...cameras.flatMap((camera) => cameraPeer(camera) ?? [])];
    const facts = found.map((peer) => peers.#signed(key, peer, BY_UPDATE, 'update'));
    for (const fact of facts) peers.#facts.set(peerKey(fact), fact);
    try {
      for (const fact of facts) await peers.#keep(fact);
      await store.parkFacts.keep(undefined, [{ kind: 'peer', key: BEFORE, atMs: peers.#laneMs }]);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
    return peers;
  }

  /** How, and by whom; undefined: nobody has. */
  of(peer: PeerName): PeerFact | undefined {
    return this.isStopped(peer) ? undefined : this.#facts.get(peerKey(peer));
  }

  /** It moved an arm, and no person has confirmed it since. */
  isStopped(peer: PeerName): boolean {
    return this.#stopped.has(peerKey(peer));
  }

  /** From now on; resolves once a power cut could not undo it. */
  async stop(peer: PeerName): Promise<void> {
    this.#stopped.add(peerKey(peer));
    const { key } = this.#parts;
    if (key !== undefined) await this.#keep(this.#signed(key, peer, BY_WATCH, 'moved'));
  }

  /** Resolves once a power cut could not undo it. false: the key of the box cannot be read. */
  async confirm(peer: PeerName, by: string, how: ConfirmedBy): Promise<boolean> {
    const { key } = this.#parts;
    if (key === undefined) return false;
    const fact = this.#signed(key, peer, by, how);
    await this.#keep(fact);
    this.#facts.set(peerKey(peer), fact);
    this.#stopped.delete(peerKey(peer));
    return true;
  }

  #signed(key: BoxKey, { use, name, sha256 }: PeerName, by: string, how: ConfirmedBy): PeerFact {
    const { store, clock } = this.#parts;
    const said = { use, name, sha256, by, how, wallMs: Math.round(store.time.wallMsAt(clock.nowMs())) };
    return { kind: 'peer', ...said, key: key.publicKey, signature: key.sign(confirmationText(said)) };
  }

  #keep(fact: PeerFact): Promise<void> {
    const row = { kind: 'peer', key: peerKey(fact), atMs: this.#laneMs, body: JSON.stringify(fact) } as const;
    return this.#parts.store.parkFacts.keep(fact, [row]);
  }

  /** The configuration with the confirmations of cameras that hold; written by hand, they are left out. */
  withConfirmed(config: Config): Config {
    const cameras = config.cameras.map((camera) => {
      const peer = confirmedIn(camera) === undefined ? undefined : cameraPeer(camera);
      return peer === undefined || this.of(peer) !== undefined ? camera : withoutConfirmation(camera);
    });
    return { ...config, cameras };
  }

  get #laneMs(): number {
    return this.#parts.clock.nowMs() + this.#parts.store.boot.laneOffsetMs;
  }
}

export const peerKey = ({ use, name, sha256 }: PeerName): string => `${use}\n${name}\n${sha256}`;

const confirmedIn = ({ config }: CameraConfig): unknown => (config as { readonly confirmed?: unknown }).confirmed;

function withoutConfirmation(camera: CameraConfig): CameraConfig {
  const { confirmed: _, ...config } = camera.config as { readonly confirmed?: unknown };
  return { ...camera, config };
}

function validFact(body: string, ownKey: string | undefined): PeerFact | undefined {
  try {
    const fact = JSON.parse(body) as PeerFact;
    return fact.key === ownKey && isSigned(confirmationText(fact), fact.key, fact.signature) ? fact : undefined;
  } catch {
    return undefined;
  }
}
