/**
 * The simulated platform as a process of its own: `node platform-main.ts PORT SECRET` (port 0: any). The first line on standard output
 * is `{"url"}`, then one JSON line for each record. It must not know the program.
 */
import { systemClock } from '../../src/clock.ts';
import { startPlatform } from '../../src/sim/platform/platform.ts';

const [port = '0', secret = '123'] = process.argv.slice(2);
const write = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const platform = await startPlatform({
  clock: systemClock(),
  secret,
  port: Number(port),
  onRecord: ({ fields, picture, receivedAtMs, seqno }) =>
    write({ fields, pictureBytes: picture?.length ?? 0, receivedAtMs, seqno }),
});
write({ url: platform.url });
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void platform.close());
