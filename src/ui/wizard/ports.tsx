/** First step: the serial port, chosen from those present or typed. */
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { firstText } from '../../text/page/wizard/first.made.ts';
import { say } from '../language.ts';
import { Badge, Button, Card, Empty } from '../parts.tsx';
import { isPort } from './bus.tsx';
import { SettingFields } from './settings.tsx';

interface PortsProps {
  readonly ports: CommissioningChoices['ports'];
  readonly port: string;
  readonly onPort: (port: string) => void;
  readonly onRefresh: () => void;
}

/** FTDI latency above which answers are late. */
const LATENCY_MS = 1;

export function Ports({ ports, port, onPort, onRefresh }: PortsProps) {
  return (
    <Card tools={<Button text={wizardText.refresh} onClick={onRefresh} />} title={say(wizardText.port)}>
      <p class="quiet">{say(wizardText.portsHint)}</p>
      {ports.length === 0 && <Empty>{say(wizardText.noPorts)}</Empty>}
      <ul class="lined choices">
        {ports.map((each) => (
          <li key={each.device}>
            <label class="check">
              <input type="radio" name="port" checked={each.port === port} onChange={() => onPort(each.port)} />
              <span>
                <strong>{each.label}</strong>
                <code>{each.port}</code>
                <span class="badges">
                  <Badge tone={each.stable ? 'ok' : 'warn'}>
                    {say(each.stable ? wizardText.stable : wizardText.unstable)}
                  </Badge>
                  {each.heldBy && <Badge tone="warn">{say(wizardText.heldBy(each.heldBy))}</Badge>}
                </span>
                {each.latencyMs !== undefined && each.latencyMs > LATENCY_MS && (
                  <span class="hint">{say(wizardText.latency(each.latencyMs))}</span>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
      <SettingFields
        of={['lines', 0]}
        fields={[
          { path: ['port'], required: false, fault: port !== '' && !isPort(port) ? firstText.portWrong : undefined },
        ]}
        value={{ port }}
        onValue={(typed) => onPort(typed.port ?? '')}
      />
    </Card>
  );
}
