/** The foot of the configuration: result of the check, and applying. It stays in view. */
import type { ComponentChildren } from 'preact';
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';
import { Badge, Button } from '../parts.tsx';
import type { ConfigDraft } from './draft.ts';
import { FaultList } from './faults.tsx';

interface FootProps {
  readonly draft: ConfigDraft;
  readonly busy: boolean;
  readonly onApply: () => void;
  readonly onLine: (line: number) => void;
  readonly children: ComponentChildren;
}

export function Foot({ draft, busy, onApply, onLine, children }: FootProps) {
  const { faults, checking, dirty } = draft;
  return (
    <>
      {children}
      {faults.length > 0 && <FaultList faults={faults} onLine={onLine} />}
      {dirty && faults.length === 0 && <p class="hint">{say(configText.applyHint)}</p>}
      <section class="config-foot" aria-label={say(configText.apply)}>
        <p role="status">
          {checking ? (
            <Badge tone="idle">{say(configText.checking)}</Badge>
          ) : faults.length > 0 ? (
            <Badge tone="error">{say(configText.faults(faults.length))}</Badge>
          ) : (
            <Badge tone="ok">{say(configText.noFaults)}</Badge>
          )}{' '}
          {dirty && <span class="hint">{say(configText.unsaved)}</span>}
        </p>
        <div class="config-buttons">
          <Button text={configText.check} onClick={draft.checkNow} />
          <Button text={configText.discard} onClick={draft.discard} disabled={!dirty || busy} />
          <Button look="main" onClick={onApply} busy={busy} disabled={!dirty || checking || faults.length > 0}>
            {say(configText.apply)}
          </Button>
        </div>
      </section>
    </>
  );
}
