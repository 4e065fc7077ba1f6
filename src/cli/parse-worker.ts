/** The thread that parses texts from outside, beside the lanes. Entry of a worker, which answers until it is ended. */
import { parentPort } from 'node:worker_threads';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { parseOperations } from '../box/parse-operations.ts';
import type { ParseReply, ParseRequest } from '../box/parse-thread.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { thrownText } from '../text/thrown.ts';

const operations = parseOperations({ driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS });
const post = (reply: ParseReply): void => parentPort?.postMessage(reply);

async function answer({ name, parameters }: ParseRequest): Promise<ParseReply> {
  try {
    const operation = operations[name] as (...given: readonly unknown[]) => unknown;
    return { result: await operation(...parameters) };
  } catch (error) {
    if (error instanceof ProvisionError) return { refused: { code: error.code, detail: error.detail } };
    return { broken: thrownText(error) };
  }
}

parentPort?.on('message', (request: ParseRequest) => void answer(request).then(post));
post('loaded');
