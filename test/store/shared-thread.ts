/**
 * Store threads that outlive their stores: starting one costs a tenth of a second of a processor, which is more than most tests need. A store speaks with
 * its thread as it is built, over a port of its own; a thread that is ended hard, or dies, serves no further store.
 */
import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { Reply, ThreadRequest } from '../../src/store/messages.ts';

const idle: Worker[] = [];

function started(code: URL): Worker {
  return new Worker(new URL('./host-thread.mjs', import.meta.url), { workerData: code.href });
}

class SharedThread extends EventEmitter {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /** The call that closes the store, and that it was answered. */
  #closing: number | undefined;
  #isClosed = false;
  readonly #ended: Promise<void>;

  constructor(worker: Worker) {
    super();
    this.#worker = worker;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const died = (error: Error): boolean => this.emit('error', error);
    const exited = (code: number): boolean => this.emit('exit', code);
    worker.on('error', died).on('exit', exited).ref();
    this.#ended = new Promise((resolve) => {
      port1.on('close', () => {
        worker.off('error', died).off('exit', exited);
        if (this.#isClosed) {
          worker.unref();
          idle.push(worker);
          this.emit('exit', 0);
        }
        resolve();
      });
    });
    port1.on('message', (replies: readonly Reply[]) => {
      this.#isClosed ||= replies.some((reply) => reply.kind === 'result' && reply.id === this.#closing);
      this.emit('message', replies);
    });
    worker.postMessage(port2, [port2]);
  }

  postMessage(message: readonly ThreadRequest[] | object, transfer?: readonly ArrayBuffer[]): void {
    if (Array.isArray(message)) this.#closing ??= message.find(({ name }) => name === 'close')?.id;
    this.#port.postMessage(message, transfer);
  }

  async terminate(): Promise<void> {
    if (!this.#isClosed) await this.#worker.terminate();
    await this.#ended;
  }
}

/** What a store needs of a `Worker`, with the compiled code of the store thread. */
export function sharedThread(code: URL): Worker {
  return new SharedThread(idle.pop() ?? started(code)) as unknown as Worker;
}
