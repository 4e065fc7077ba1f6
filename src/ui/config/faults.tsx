/** Faults of a configuration, each at its line. */
import type { ShownConfigFault } from '../../page/api/api-setup.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { Icon } from '../icons.tsx';
import { say } from '../language.ts';

interface FaultsProps {
  readonly faults: readonly ShownConfigFault[];
  readonly onLine?: (line: number) => void;
}

export const FaultList = ({ faults, onLine }: FaultsProps) => (
  <ul class="faults">
    {faults.map((fault) => (
      <li key={`${fault.file}${fault.line}${fault.path}${fault.code}`}>
        <Icon name="error" />
        <div>
          <p>
            {onLine !== undefined && fault.file === 'config' ? (
              <button type="button" class="button link" onClick={() => onLine(fault.line)}>
                {say(configText.line(fault.line))}
              </button>
            ) : (
              <strong>
                {fault.file === 'secrets' && `${say(configText.inSecrets)} `}
                {say(configText.line(fault.line))}{' '}
              </strong>
            )}
            {fault.path !== '' && <code>{fault.path}</code>} {say(fault.message)}
          </p>
          <p class="quiet">{say(fault.hint)}</p>
        </div>
      </li>
    ))}
  </ul>
);
