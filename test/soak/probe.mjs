/**
 * Loaded into the program by `node --import`, so that its source needs no switch for it: asked over the IPC channel, every thread collects its
 * garbage and says what is left. Threads answer on a broadcast channel; what holds the program open is none of this.
 */
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const channel = new BroadcastChannel('lanewarden-soak');
const measured = () => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external };
};

if (isMainThread) {
  const threads = [];
  channel.onmessage = ({ data }) => threads.push(data);
  process.on('message', () => {
    threads.length = 0;
    channel.postMessage('measure');
    const main = measured();
    const resources = process.getActiveResourcesInfo().length;
    // A thread that is busy with its disk answers later and is left out of this sample.
    setTimeout(() => process.send?.({ main, resources, threads: [...threads] }), 1_000).unref();
  });
  process.channel?.unref();
} else {
  channel.onmessage = () => channel.postMessage(measured());
}
channel.unref();
