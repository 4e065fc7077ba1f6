/** The serial ports of this machine as the wizard shows them: the name to configure, who holds it, and whether the adapter is slow. */
import { portHolders } from '../line/port-holders.ts';
import { type ListedPort, listPorts } from '../line/port-list.ts';
import type { PortRow } from '../page/api/api-setup.ts';
import { portText } from '../text/commission.ts';

/** `ownPid`: this program, which is not a stranger. */
export async function portRows(ownPid: number, root = '/'): Promise<readonly PortRow[]> {
  const ports = await listPorts(root);
  const holders = await portHolders(new Set(ports.map(({ device }) => device)), root);
  return ports.map((port) => {
    const held = holders.get(port.device) ?? [];
    const others = held.map(({ program, pid }) => (pid === ownPid ? 'lanewarden' : portText.heldBy(program, pid)));
    return {
      port: port.port,
      device: port.device,
      stable: port.stable,
      label: labelOf(port),
      ...(port.latencyMs !== undefined && { latencyMs: port.latencyMs }),
      ...(others.length > 0 && { heldBy: others.join(', ') }),
    };
  });
}

function labelOf({ usb, device }: ListedPort): string {
  if (usb === undefined) return device;
  return [usb.maker, usb.product, usb.serial].filter((part) => part !== undefined).join(' ') || device;
}
