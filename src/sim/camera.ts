/** The lane's camera as a real HTTP server that gives a picture of now. It must not know who asks, nor the program's camera code. */
import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { drawPicture } from './picture.ts';
import type { Scene } from './world.ts';

export type CameraBehaviour =
  | { readonly kind: 'good' }
  | { readonly kind: 'dead' } // takes the request and never answers
  | { readonly kind: 'gone' } // hangs up
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'refusesLogin' } // 401
  | { readonly kind: 'busy' } // 503
  | { readonly kind: 'broken' } // a JPEG that ends in the middle
  | { readonly kind: 'notAPicture' } // 200 with a page of text
  | { readonly kind: 'redirect' }; // 302 to another path, where the picture is

export interface SimulatedCamera {
  /** Address of a picture of now. */
  readonly snapshotUrl: string;
  /** Pictures asked for so far, whatever was answered. */
  readonly asked: number;
  /** What is to be seen in a picture of this camera, as long as it is one of the last given. */
  sceneOf(picture: Uint8Array): Scene | undefined;
  behave(behaviour: CameraBehaviour): void;
  close(): Promise<void>;
}

/** Pictures whose scenes are remembered. */
const SCENES_KEPT = 200;

const SNAPSHOT_PATH = '/snapshot.jpg';
const ELSEWHERE_PATH = '/elsewhere.jpg';

export async function startCamera(options: {
  readonly clock: Clock;
  readonly scene: () => Scene;
  readonly port?: number;
}): Promise<SimulatedCamera> {
  const closing = new AbortController();
  let behaviour: CameraBehaviour = { kind: 'good' };
  let asked = 0;
  const scenes = new Map<string, Scene>();
  const nameOf = (picture: Uint8Array): string => createHash('sha256').update(picture).digest('hex');
  const draw = (): Buffer => {
    const scene = options.scene();
    const bytes = drawPicture(scene);
    scenes.set(nameOf(bytes), scene);
    const [oldest] = scenes.keys();
    if (scenes.size > SCENES_KEPT && oldest !== undefined) scenes.delete(oldest);
    return bytes;
  };
  const picture = (response: ServerResponse): void => {
    const bytes = draw();
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': bytes.length }).end(bytes);
  };
  const answers: Readonly<Record<CameraBehaviour['kind'], (response: ServerResponse) => void | Promise<void>>> = {
    good: picture,
    dead: () => {},
    gone: (response) => void response.destroy(),
    slow: async (response) => {
      if (behaviour.kind === 'slow') await options.clock.sleep(behaviour.delayMs, closing.signal);
      if (!response.destroyed) picture(response);
    },
    refusesLogin: (response) => {
      const challenge = { 'www-authenticate': 'Digest realm="camera", qop="auth", nonce="0011223344556677"' };
      response.writeHead(401, challenge).end();
    },
    busy: (response) => void response.writeHead(503).end(),
    broken: (response) => {
      const bytes = draw();
      const half = bytes.subarray(0, bytes.length >> 1);
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': half.length }).end(half);
    },
    notAPicture: (response) => void response.writeHead(200, { 'content-type': 'image/jpeg' }).end('<html>login</html>'),
    redirect: (response) => void response.writeHead(302, { location: ELSEWHERE_PATH }).end(),
  };
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === ELSEWHERE_PATH) return picture(response);
    if (path !== SNAPSHOT_PATH) return void response.writeHead(404).end();
    asked += 1;
    void answers[behaviour.kind](response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    snapshotUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${SNAPSHOT_PATH}`,
    get asked() {
      return asked;
    },
    sceneOf: (bytes) => scenes.get(nameOf(bytes)),
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
