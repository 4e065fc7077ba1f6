/**
 * The two ports of the HTTP intake, plain and TLS, over one set of routes: a token, its rate and what was told count once, whichever it came
 * by. The TLS one has the certificate of the local page. A part of the composition root; it knows no message.
 */
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Config, ListenConfig } from '../config/types.ts';
import type { PushingCamera } from '../intake/intake-contract.ts';
import type { Log } from '../log.ts';
import type { Certificate } from '../page/access/certificate.ts';
import type { IncomingOptions } from './incoming.ts';
import { type IntakeFault, type IntakePort, openIntakePort } from './intake-port.ts';

/** Where paid exits are taken over HTTP. */
export interface IntakePorts {
  /** Of the ports that listen, TLS first. */
  readonly urls: readonly string[];
  /** What the TLS port serves now; undefined: it does not listen. */
  readonly certificate: Pick<Certificate, 'fingerprint' | 'pin'> | undefined;
  /** Ports that another program holds, and the like: one each. */
  readonly faults: readonly IntakeFault[];
  /** Until `signal` aborts; then closes them. */
  run(signal: AbortSignal): Promise<void>;
}

export interface IntakePortsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly incoming: IncomingOptions;
  readonly cameras: ReadonlyMap<string, PushingCamera>;
  readonly failed: (fault: IntakeFault) => void;
}

const OFF: IntakePorts = { urls: [], certificate: undefined, faults: [], run: async () => undefined };

/** Resolves after the first attempt of each port. What it needs is loaded on demand: it brings libraries that other boxes do not need. */
export async function openIntakePorts(options: IntakePortsOptions): Promise<IntakePorts> {
  const { config, clock, log, version, incoming, cameras, failed } = options;
  const { http, https } = config.intake;
  if (!http.enabled && https === undefined) return OFF;
  const { createIntake } = await import('../intake/http.ts');
  const pushing = (config.intake.systems ?? []).filter(({ profile }) => profile.push !== undefined);
  // Its XML and its character sets are loaded where a system is configured.
  const systems = pushing.length > 0 && (await import('./pushing-systems.ts')).pushingSystems(pushing);
  const intake = createIntake({ ...incoming, config: http, version, cameras, ...(systems && { systems }) });
  const tls = https && (await securePort(https));
  const ports: IntakePort[] = [];

  /** A sender may use either port: its channel is up when nothing of it is closed to it. */
  const opened = (): void => {
    if (ports.length > 0 && ports.every(({ url }) => url !== undefined))
      for (const { name } of [...http.tokens, ...pushing]) incoming.channels?.connected(name, true);
  };
  const portOf = (key: string, { host, port }: ListenConfig, open: () => Promise<{ readonly url: string }>) =>
    openIntakePort({ key, address: `${host}:${port}`, clock, open, failed });
  if (http.enabled) ports.push(await portOf('intake.http.listen', http.listen, () => intake.listen()));
  const secure = https && tls && (await portOf('intake.https.listen', https, tls.open));
  if (secure !== undefined) ports.unshift(secure);
  opened();

  return {
    get urls() {
      return ports.flatMap(({ url }) => url ?? []);
    },
    get certificate() {
      const served = secure?.url === undefined ? undefined : tls?.certificate();
      return served && { fingerprint: served.fingerprint, pin: served.pin };
    },
    get faults() {
      return ports.flatMap(({ fault }) => fault ?? []);
    },
    async run(signal) {
      await Promise.all([...ports.map((port) => port.run(signal).then(opened)), tls?.run(signal)]);
      await untilAborted(signal);
      await intake.close();
    },
  };

  /** The certificate is read at each attempt, and followed while it is served. */
  async function securePort(listen: ListenConfig) {
    const { openCertificate, followCertificate } = await import('../page/access/certificate.ts');
    const folder = join(config.store.path, 'page');
    let certificate: Certificate | undefined;
    let renew: ((certificate: Certificate) => void) | undefined;
    return {
      certificate: () => certificate,
      open: async () => {
        certificate = await openCertificate(folder, clock);
        const server = await intake.listen({ listen, ...certificate });
        renew = (next) => {
          server.renew({ key: next.key, cert: next.certificate });
          certificate = next;
        };
        return server;
      },
      run: (signal: AbortSignal) =>
        followCertificate(
          { folder, clock, log, served: () => renew && certificate, take: (next) => renew?.(next) },
          signal,
        ),
    };
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
