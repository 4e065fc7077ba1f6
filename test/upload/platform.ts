/**
 * An honest platform for measuring: over TLS, reads everything, answers as the real one does, after a time of its own. In its own process,
 * so that its work is not counted as ours.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CloudSettings } from '../delivery/flat-client.ts';

const SERVER = `
  const https = require('node:https'), fs = require('node:fs');
  const options = { key: fs.readFileSync(process.argv[1]), cert: fs.readFileSync(process.argv[2]) };
  const server = https.createServer(options, (request, response) => {
    const answer = () => response.setHeader('content-type', 'application/json').end('{"code":"1001","message":"ok","seqno":"1"}');
    const afterMs = Number(process.argv[3]);
    request.on('data', () => {}).on('end', () => (afterMs > 0 ? setTimeout(answer, afterMs) : answer()));
  });
  server.keepAliveTimeout = 60000;
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** For `localhost`, in `folder`. */
export function makeCertificate(folder: string): Certificate {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const words = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2';
  execFileSync(
    'openssl',
    ['req', ...words.split(' '), '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
    { stdio: 'ignore' },
  );
  return { key, cert };
}

export interface Platform {
  readonly settings: CloudSettings;
  /** Of processor time it has used. */
  cpuUs(): number;
  close(): void;
}

export async function startPlatform({ key, cert }: Certificate, afterMs: number): Promise<Platform> {
  const child = spawn(process.execPath, ['-e', SERVER, key, cert, String(afterMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const settings: CloudSettings = {
    ...{ url: `https://localhost:${await firstLine(child)}`, parkUuid: '49f0cc52-e8c7-41e3-b54d-af666b8cc11a' },
    ...{ appSecret: { reveal: () => '123' }, mode: 'production', picture: 'field', noPlate: '无牌车' },
    ...{ timeoutMs: 20_000, maxPictureBytes: 500_000, ca: readFileSync(cert, 'utf8') },
  };
  return { settings, cpuUs: () => processorUs(child.pid ?? 0), close: () => child.kill('SIGKILL') };
}

/** /proc/PID/stat, fields 14 and 15: ticks of 10 ms in user and kernel mode. */
function processorUs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) return '';
  for await (const line of createInterface({ input: child.stdout })) return line;
  return '';
}
