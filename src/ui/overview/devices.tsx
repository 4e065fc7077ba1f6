/** Lines, devices and cameras: online, or offline since when. */
import type { DeviceLive } from '../../page/api/api.ts';
import { deviceKind, deviceState, overviewPageText } from '../../text/page/ui-overview.ts';
import { grown } from '../arrivals.ts';
import { say } from '../language.ts';
import { Badge, Card } from '../parts.tsx';
import { duration, sayDuration, useNow } from '../time.tsx';

const TONE = { ok: 'ok', down: 'error', unknown: 'idle' } as const;

export function Devices({ devices }: { readonly devices: readonly DeviceLive[] }) {
  const now = useNow();
  const down = (device: DeviceLive): string =>
    device.downForMs === undefined
      ? say(deviceState[device.state])
      : say(overviewPageText.offlineFor(duration(grown(device, device.downForMs, now))));
  return (
    <Card title={say(overviewPageText.devices)}>
      <ul class="lined columns devices">
        {devices.map((device) => (
          <li key={device.id}>
            <span class="device-name">
              <code>{device.id}</code>{' '}
              <span class="quiet">
                {say(deviceKind[device.kind])} {device.port}
              </span>
            </span>
            <Badge tone={TONE[device.state]} {...(device.state === 'unknown' && { icon: 'unknown' as const })}>
              {down(device)}
            </Badge>
            <span class="device-more quiet">
              {device.roundMs !== undefined && `${say(overviewPageText.round)} ${sayDuration(device.roundMs)} `}
              {device.wireShare !== undefined &&
                `${say(overviewPageText.wire)} ${Math.round(device.wireShare * 100)} % `}
              {device.faults > 0 && `${say(overviewPageText.faults)} ${device.faults}`}
            </span>
            {device.unproven?.map(({ code, text }) => (
              <span key={code} class="device-doubt">
                {say(text)}
              </span>
            ))}
            {device.state !== 'ok' && device.lastFault && <span class="device-fault">{say(device.lastFault)}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
