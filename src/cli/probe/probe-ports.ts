/** The list of serial ports in `lanewarden probe`: the name to configure, and the obstacles to opening each. It opens none. */
import { userInfo } from 'node:os';
import { portRows } from '../../commission/ports.ts';
import { type PortUser, portRefusal } from '../../line/port-access.ts';
import { probeText as text } from '../../text/commands/probe.made.ts';
import { ofKind } from '../../text/text.ts';
import { type CommandContext, EXIT } from '../command.ts';
import { printResult } from '../output.ts';

export async function listPortRows(asJson: boolean, context: CommandContext, root = '/'): Promise<number> {
  const rows = await Promise.all(
    (await portRows(process.pid, root)).map(async (row) => {
      const refusal = await portRefusal(row.device, thisUser(), root);
      return { ...row, ...(refusal && { refusal: refusal.kind, todo: ofKind(text.refusal, refusal) }) };
    }),
  );
  const linesOf = ({ port, device, label, stable, latencyMs, heldBy, todo }: (typeof rows)[number]) => {
    const others = [device, label].filter((each, at, all) => each !== port && all.indexOf(each) === at);
    const notes = [
      ...(todo === undefined ? [] : [todo]),
      ...(heldBy === undefined ? [] : [text.heldBy(heldBy)]),
      ...(stable ? [] : [text.unsteady]),
      ...(latencyMs === undefined || latencyMs <= 1 ? [] : [text.latency(latencyMs)]),
    ];
    return [[port, ...others].join('  '), ...notes.map((note) => `  ${note[context.language]}`)];
  };
  printResult(context, asJson, rows, () => [...rows.flatMap(linesOf), rows.length === 0 ? text.noPorts : text.next]);
  return EXIT.ok;
}

export function thisUser(): PortUser {
  const { uid, username } = userInfo();
  return { uid, name: username, groups: process.getgroups?.() ?? [] };
}
