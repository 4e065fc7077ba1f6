/** Parses texts from outside, in a process beside that of the lanes, which it answers until it is ended. */
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { parseOperations } from '../box/parse-operations.ts';
import type { ParseReply, ParseRequest } from '../box/parse-process.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { thrownText } from '../text/thrown.ts';

const operations = parseOperations({ driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS });
const post = (reply: ParseReply): void => void process.send?.(reply);

async function answer({ name, parameters }: ParseRequest): Promise<ParseReply> {
  try {
    const operation = operations[name] as (...given: readonly unknown[]) => unknown;
    return { result: await operation(...parameters) };
  } catch (error) {
    if (error instanceof ProvisionError) return { refused: { code: error.code, detail: error.detail } };
    return { broken: thrownText(error) };
  }
}

/** The lanes come first: with the processor, and where there is too little memory for both. */
function comeLast(): void {
  try {
    setPriority(10);
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not on Linux, or not allowed: then it comes beside them.
  }
}

comeLast();
// The service tells all of its processes to stop: what this one reads is still waited for. It ends with the program, when there is nobody to answer.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit());
process.on('message', (request: ParseRequest) => void answer(request).then(post));
post('loaded');
