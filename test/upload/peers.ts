/** What the uploader is measured against: the same bodies sent by as little as can send them. Each keeps its connections from run to run. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import type { MultipartBody } from '../../src/delivery/request/multipart.ts';
import { type CloudSettings, RELEASE_PATH } from '../delivery/flat-client.ts';
import { bodyWith, frameOf } from './records.ts';

export interface Peer {
  /** Resolves when so many have been answered. */
  send(count: number): Promise<void>;
  close(): void;
}

/** `loops` of undici, each with a connection, taking one body after the other. Cold: each run makes its connections. */
export function bareLoops(
  settings: CloudSettings,
  loops: number,
  bodyAt: (number: number) => MultipartBody,
  isCold = false,
): Peer {
  const connected = () => new Agent({ allowH2: false, connections: loops, connect: { ca: settings.ca ?? '' } });
  let dispatcher = connected();
  const url = settings.url + RELEASE_PATH;
  const post = async ({ contentType, bytes }: MultipartBody): Promise<void> => {
    const headers = { 'content-type': contentType };
    const answer = await request(url, { method: 'POST', headers, body: bytes, dispatcher });
    await answer.body.text();
  };
  return {
    send: async (count) => {
      if (isCold) {
        await dispatcher.close();
        dispatcher = connected();
      }
      let next = 0;
      const loop = async (): Promise<void> => {
        while (next < count) await post(bodyAt(next++));
      };
      await Promise.all(Array.from({ length: loops }, loop));
    },
    close: () => void dispatcher.close(),
  };
}

/** Bodies made of a file read, a checksum, a signature and a join each (reliability.md 8.6). */
export function madeOnTheWay(
  folder: string,
  count: number,
  settings: CloudSettings,
): (number: number) => MultipartBody {
  for (let number = 0; number < count; number += 1)
    writeFileSync(join(folder, `frame${number}`), frameOf(number).bytes);
  return (number) => {
    const bytes = readFileSync(join(folder, `frame${number}`));
    const checksum = createHash('sha256').update(bytes).digest('hex');
    return bodyWith(number, bytes, { ...settings, noPlate: checksum });
  };
}

export function nodeHttps(settings: CloudSettings, bodies: readonly MultipartBody[]): Peer {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, ca: settings.ca });
  const post = (body: MultipartBody): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': body.contentType, 'content-length': body.bytes.length };
      const sent = https.request(settings.url + RELEASE_PATH, { method: 'POST', agent, headers }, (answer) => {
        answer.resume().on('end', resolve);
      });
      sent.on('error', reject).end(body.bytes);
    });
  return {
    send: async (count) => {
      for (const body of bodies.slice(0, count)) await post(body);
    },
    close: () => agent.destroy(),
  };
}

/** All requests in one configuration file, so that curl starts once and keeps its connection. */
export function curl(folder: string, settings: CloudSettings, bodies: readonly MultipartBody[], cert: string): Peer {
  const blocks = bodies.map(({ contentType, bytes }, number) => {
    const file = join(folder, `body${number}`);
    writeFileSync(file, bytes);
    return `url = "${settings.url}${RELEASE_PATH}"\nheader = "Content-Type: ${contentType}"\nheader = "Expect:"\ndata-binary = "@${file}"\noutput = "/dev/null"\ncacert = "${cert}"\nsilent\n`;
  });
  const configuration = join(folder, 'curl.conf');
  return {
    send: async (count) => {
      writeFileSync(configuration, blocks.slice(0, count).join('next\n'));
      const { status } = spawnSync('curl', ['-K', configuration], { stdio: 'ignore' });
      if (status !== 0) throw new RangeError(`curl ended with ${status}`);
    },
    close: () => undefined,
  };
}
