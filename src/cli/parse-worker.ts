/** Parses texts from outside, in a process beside that of the lanes, which it answers until it is ended. */
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { parseOperations } from '../box/parse-operations.ts';
import type { ParseReply, ParseRequest } from '../box/parse-process.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { thrownText } from '../text/thrown.ts';
import { comeLast, endWithProgram } from './beside-lanes.ts';

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

comeLast(10);
endWithProgram();
process.on('message', (request: ParseRequest) => void answer(request).then(post));
post('loaded');
