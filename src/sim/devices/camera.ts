/** The lane's camera as a real HTTP server of current pictures. It must not know its clients, nor the program's camera code. */
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock.ts';
import { PAINTER, type Painter } from '../pictures/painter.ts';
import { drawCovered } from '../pictures/picture.ts';
import type { Scene } from '../world.ts';
import { DIGEST_CHALLENGE, type DigestLogin, isLoggedIn } from './digest.ts';

export type CameraBehaviour =
  | { readonly kind: 'good' }
  | { readonly kind: 'dead' } // takes the request and never answers
  | { readonly kind: 'gone' } // hangs up
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'refusesLogin' } // 401
  | { readonly kind: 'busy' } // 503
  | { readonly kind: 'broken' } // a JPEG that ends in the middle
  | { readonly kind: 'covered' } // something before the lens
  | { readonly kind: 'frozen' } // always the same picture
  | { readonly kind: 'notAPicture' } // 200 with a page of text
  | { readonly kind: 'redirect' }; // 302 to another path, where the picture is

export interface SimulatedCamera {
  /** Address of a current picture. */
  readonly snapshotUrl: string;
  /** Pictures requested so far, whatever the answer. */
  readonly asked: number;
  /** The scene in a picture of this camera, for its most recent pictures. */
  sceneOf(picture: Uint8Array): Scene | undefined;
  behave(behaviour: CameraBehaviour): void;
  /** A current picture, for another interface of the camera; undefined while it gives none. */
  picture(): Promise<Buffer | undefined>;
  /** Base address, without trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Number of remembered scenes. */
const SCENES_KEPT = 200;

const SNAPSHOT_PATH = '/snapshot.jpg';
const ELSEWHERE_PATH = '/elsewhere.jpg';
/** Paths of the makes (devices.md 6.1). */
const MAKERS_PATHS = ['/ISAPI/Streaming/channels/101/picture', '/cgi-bin/snapshot.cgi'];

/** Draws pictures and remembers the scenes of the latest ones. */
function createRenderer(painter: Painter, sceneNow: () => Scene) {
  const scenes = new Map<string, Scene>();
  const nameOf = (picture: Uint8Array): string => createHash('sha256').update(picture).digest('hex');
  return {
    draw: async (): Promise<Buffer> => {
      const scene = sceneNow();
      const bytes = await painter.draw(scene);
      scenes.set(nameOf(bytes), scene);
      const [oldest] = scenes.keys();
      if (scenes.size > SCENES_KEPT && oldest !== undefined) scenes.delete(oldest);
      return bytes;
    },
    sceneOf: (picture: Uint8Array): Scene | undefined => scenes.get(nameOf(picture)),
  };
}

const give = (response: ServerResponse, bytes: Buffer): void =>
  void response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length }).end(bytes);

export async function startCamera(options: {
  readonly clock: Clock;
  readonly scene: () => Scene;
  readonly port?: number;
  /** Restricts pictures to this user. */
  readonly login?: DigestLogin;
  /** Renderer; its creator closes it. */
  readonly painter?: Painter;
}): Promise<SimulatedCamera> {
  const closing = new AbortController();
  const { painter = PAINTER } = options;
  let behaviour: CameraBehaviour = { kind: 'good' };
  let asked = 0;
  const { draw, sceneOf } = createRenderer(painter, options.scene);
  const picture = async (response: ServerResponse): Promise<void> => give(response, await draw());
  let frozen: Promise<Buffer> | undefined;
  const answers: Readonly<Record<CameraBehaviour['kind'], (response: ServerResponse) => void | Promise<void>>> = {
    good: picture,
    dead: () => {},
    gone: (response) => void response.destroy(),
    slow: async (response) => {
      if (behaviour.kind === 'slow') await options.clock.sleep(behaviour.delayMs, closing.signal);
      if (!response.destroyed) await picture(response);
    },
    refusesLogin: (response) => {
      const challenge = { 'www-authenticate': 'Digest realm="camera", qop="auth", nonce="0011223344556677"' };
      response.writeHead(401, challenge).end();
    },
    busy: (response) => void response.writeHead(503).end(),
    broken: async (response) => {
      const bytes = await draw();
      const half = bytes.subarray(0, bytes.length >> 1);
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': half.length }).end(half);
    },
    covered: (response) => give(response, drawCovered()),
    frozen: async (response) => {
      frozen ??= draw();
      give(response, await frozen);
    },
    notAPicture: (response) => void response.writeHead(200, { 'content-type': 'image/jpeg' }).end('<html>login</html>'),
    redirect: (response) => void response.writeHead(302, { location: ELSEWHERE_PATH }).end(),
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === ELSEWHERE_PATH) return void picture(response);
    if (path === undefined || ![SNAPSHOT_PATH, ...MAKERS_PATHS].includes(path))
      return void response.writeHead(404).end();
    asked += 1;
    const { login } = options;
    if (login && !isLoggedIn(request.headers.authorization, request.method ?? '', login))
      return void response.writeHead(401, { 'www-authenticate': DIGEST_CHALLENGE }).end();
    void answers[behaviour.kind](response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    snapshotUrl: url + SNAPSHOT_PATH,
    picture: async () => {
      if (behaviour.kind === 'slow') await options.clock.sleep(behaviour.delayMs, closing.signal);
      return behaviour.kind === 'good' || behaviour.kind === 'slow' ? draw() : undefined;
    },
    get asked() {
      return asked;
    },
    sceneOf,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
