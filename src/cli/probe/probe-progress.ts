/** Progress of a search on stderr: one updating line at a terminal, elsewhere only each upcoming step. */
import { LISTEN_MS } from '../../commission/listen.ts';
import { formOf, type ScanRequest, speedsOf } from '../../commission/scan.ts';
import type { PortSettings } from '../../line/port-contract.ts';
import { probeText as text } from '../../text/commands/probe.made.ts';
import type { Text } from '../../text/text.ts';
import type { CommandContext } from '../command.ts';
import { remark } from '../output.ts';
import { progressOf } from '../progress.ts';

const SECOND_MS = 1_000;
/** The search starts by listening. */
const LISTEN_S = 3;

export function progressLine(context: CommandContext) {
  const { language, signal } = context;
  const progress = progressOf(context);
  return {
    plan(request: ScanRequest, silentMs: number): void {
      const [first, last] = request.units;
      const speeds = speedsOf(request);
      const seconds = LISTEN_S + Math.ceil((speeds.length * (last - first + 1) * silentMs) / SECOND_MS);
      const forms = speeds.map((speed) => formOf(request, speed)).filter((form) => form !== request.port);
      remark(context, text.plan([request.port, ...forms], first, last, seconds));
    },
    show(now: Text, _part?: number, leftMs?: number): void {
      const left = leftMs === undefined ? '' : text.left(Math.ceil(leftMs / SECOND_MS))[language];
      progress.show(`${now[language]}${left}`);
    },
    end(): void {
      progress.clear();
      if (signal.aborted) remark(context, text.stopped);
    },
    listening(settings: PortSettings): void {
      const { port, baudRate, parity } = settings;
      const form = formOf({ port }, { baudRate, parity });
      remark(context, text.listening(LISTEN_MS / SECOND_MS, port, form === port ? undefined : form));
    },
  };
}
