/** How far a search is: one line that changes at a terminal; elsewhere only what is about to be asked. On the error stream, beside the result. */
import { HEAR_MS } from '../../commission/hear.ts';
import { formOf, type ScanRequest, speedsOf } from '../../commission/scan.ts';
import type { PortSettings } from '../../line/port.ts';
import { probeText as text } from '../../text/commands/probe.ts';
import type { Text } from '../../text/text.ts';
import type { CommandContext } from '../command.ts';

const CLEAR_LINE = '\r\u001b[K';
const SECOND_MS = 1_000;
/** The search listens first. */
const LISTEN_S = 3;

export function progressLine({ stderr, language, signal }: CommandContext) {
  const isTerminal = (stderr as { readonly isTTY?: boolean }).isTTY === true;
  return {
    plan(request: ScanRequest, silentMs: number): void {
      const [first, last] = request.units;
      const speeds = speedsOf(request);
      const seconds = LISTEN_S + Math.ceil((speeds.length * (last - first + 1) * silentMs) / SECOND_MS);
      const forms = speeds.map((speed) => formOf(request, speed)).filter((form) => form !== request.port);
      stderr.write(`${text.plan([request.port, ...forms], first, last, seconds)[language]}\n`);
    },
    show(now: Text, _part?: number, leftMs?: number): void {
      if (!isTerminal) return;
      const left = leftMs === undefined ? '' : text.left(Math.ceil(leftMs / SECOND_MS))[language];
      stderr.write(`${CLEAR_LINE}${now[language]}${left}`);
    },
    end(): void {
      if (isTerminal) stderr.write(CLEAR_LINE);
      if (signal.aborted) stderr.write(`${text.stopped[language]}\n`);
    },
    listening(settings: PortSettings): void {
      const { port, baudRate, parity } = settings;
      const form = formOf({ port }, { baudRate, parity });
      stderr.write(`${text.listening(form === port ? [port] : [port, form], HEAR_MS / SECOND_MS)[language]}\n`);
    },
  };
}
