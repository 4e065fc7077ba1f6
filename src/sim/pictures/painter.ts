/**
 * Draws pictures: here and now, or in a thread of its own, so that a wire that is served beside them keeps its time. It must not know
 * what they show.
 */
import { Worker } from 'node:worker_threads';
import type { Scene } from '../world.ts';
import { drawPicture } from './picture.ts';

export interface Painter {
  /** A whole JPEG. */
  draw(scene: Scene): Promise<Buffer>;
  close(): Promise<void>;
}

/** For a paced clock, which stands still meanwhile. */
export const PAINTER: Painter = { draw: async (scene) => drawPicture(scene), close: () => Promise.resolve() };

/** For the machine's clock; compiled code only. */
export function createPainterThread(): Painter {
  const worker = new Worker(new URL('./painter-thread.js', import.meta.url));
  const waiting: { readonly resolve: (picture: Buffer) => void; readonly scene: Scene }[] = [];
  worker.unref();
  worker.on('message', (picture: Uint8Array) => waiting.shift()?.resolve(Buffer.from(picture)));
  // A thread that broke draws nothing more: what waits, and what comes, is drawn here.
  let broken = false;
  worker.once('error', () => {
    broken = true;
    for (const { resolve, scene } of waiting.splice(0)) resolve(drawPicture(scene));
  });
  return {
    draw: (scene) =>
      new Promise((resolve) => {
        if (broken) return resolve(drawPicture(scene));
        waiting.push({ resolve, scene });
        worker.postMessage(scene);
      }),
    close: async () => {
      broken = true;
      await worker.terminate();
      for (const { resolve, scene } of waiting.splice(0)) resolve(drawPicture(scene));
    },
  };
}
