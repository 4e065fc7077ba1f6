/** The thread in which pictures are drawn: a scene comes in, a JPEG goes out, in the same order. */
import { parentPort } from 'node:worker_threads';
import type { Scene } from '../world.ts';
import { drawPicture } from './picture.ts';

parentPort?.on('message', (scene: Scene) => parentPort?.postMessage(drawPicture(scene)));
