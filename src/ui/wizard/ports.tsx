/** First step: the serial port, chosen from those present or typed. */
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { partText } from '../../text/page/ui-parts.made.ts';
import { wizardText } from '../../text/page/ui-wizard.ts';
import { firstText } from '../../text/page/wizard/first.made.ts';
import { say } from '../language.ts';
import { Badge, Button, Card, Empty, Field } from '../parts.tsx';
import { isPort } from './bus.tsx';

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
    <Card tools={<Button onClick={onRefresh}>{say(wizardText.refresh)}</Button>} title={say(wizardText.port)}>
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
      <Field
        label={`${say(wizardText.port)} (${say(partText.optional)})`}
        hint={say(wizardText.portHint)}
        {...(port !== '' && !isPort(port) && { fault: say(firstText.portWrong) })}
      >
        {(bound) => (
          <input
            {...bound}
            autocapitalize="off"
            autocomplete="off"
            spellcheck={false}
            value={port}
            onInput={(event) => onPort(event.currentTarget.value.trim())}
          />
        )}
      </Field>
    </Card>
  );
}
