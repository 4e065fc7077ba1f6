/**
 * Loaded into the program by `node --import`: the longest round of the event loop of the lanes' thread and of the store's, which is what they make a
 * poll or a commit wait at most. Breaths end a round, a wait for events is none of it, and other work on the machine counts little. Asked over the
 * IPC channel, they say the longest since they were last asked.
 */
import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';

/** main.ts starts it before any other. */
const STORE_THREAD = 1;
/** The kernel counts the processor time of a thread that goes on running only so often. */
const COUNTED_EVERY_MS = 4;

if (isMainThread || threadId === STORE_THREAD) {
  const now = () => {
    const { user, system } = process.threadCpuUsage();
    return { computedMs: (user + system) / 1_000, activeMs: performance.eventLoopUtilization().active };
  };
  let [before, longest] = [now(), 0];
  // Once a round: without a reference it lets the loop wait. A timer would count the short rounds between two fires as one.
  const round = () => {
    const { computedMs, activeMs } = now();
    const mostMs = computedMs - before.computedMs + COUNTED_EVERY_MS;
    longest = Math.max(longest, Math.min(activeMs - before.activeMs, mostMs));
    before = { computedMs, activeMs };
    setImmediate(round).unref();
  };
  round();
  const taken = () => {
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
