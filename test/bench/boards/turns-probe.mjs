/**
 * Loaded into the program by `node --import`: what the lanes' thread and the store's compute without a turn for a timer. That is how late they make a
 * poll or a commit, and other work on the machine is not in it. Asked over the IPC channel, they say the longest since they were last asked.
 */
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

const EVERY_MS = 5;
/** main.ts starts it before any other. */
const STORE_THREAD = 1;

if (isMainThread || threadId === STORE_THREAD) {
  const computedMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1_000;
  };
  let [before, longest] = [computedMs(), 0];
  const turn = () => {
    const now = computedMs();
    longest = Math.max(longest, now - before);
    before = now;
  };
  setInterval(turn, EVERY_MS).unref();
  const taken = () => {
    turn();
    const ms = longest;
    longest = 0;
    return ms;
  };
  const channel = new BroadcastChannel('lanewarden-turns');
  if (isMainThread) {
    // Not in the processes that it starts: one that makes a file would not stay for the message by which it gets its work.
    process.execArgv.splice(process.execArgv.indexOf('--import'), 2);
    channel.onmessage = ({ data: storeMs }) => process.send?.({ lanesMs: taken(), storeMs });
    process.on('message', () => channel.postMessage('asked'));
    process.channel?.unref();
  } else channel.onmessage = () => channel.postMessage(taken());
  channel.unref();
}
