/** The secrets by name: whether each has a value, and a new value for it. Values are never shown. */
import type { ConfigView } from '../../page/api/api-setup.ts';
import { configText } from '../../text/page/ui-config.made.ts';
import { say } from '../language.ts';
import { Badge, Card, Empty, Field } from '../parts.tsx';
import type { ConfigDraft } from './draft.ts';
import { secretsIn } from './schema.ts';

export function SecretFields({ view, draft }: { readonly view: ConfigView; readonly draft: ConfigDraft }) {
  const names = new Set([...view.secrets.map(({ name }) => name), ...secretsIn(draft.value)]);
  return (
    <Card title={say(configText.secrets)}>
      <p class="quiet">{say(configText.secretsHint)}</p>
      {names.size === 0 && <Empty>{say(configText.noSecrets)}</Empty>}
      <ul class="secrets">
        {[...names].sort().map((name) => (
          <li key={name}>
            <SecretField name={name} view={view} draft={draft} />
          </li>
        ))}
      </ul>
      <details>
        <summary>{say(configText.secretSteps)}</summary>
        <p>{say(configText.platformSteps)}</p>
        <p>{say(configText.tokenSteps)}</p>
      </details>
    </Card>
  );
}

interface SecretFieldProps {
  readonly name: string;
  readonly view: ConfigView;
  readonly draft: ConfigDraft;
}

export function SecretField({ name, view, draft }: SecretFieldProps) {
  const known = view.secrets.find((each) => each.name === name);
  const typed = draft.secrets[name] ?? '';
  const usedBy = known?.usedBy ?? [];
  return (
    <Field
      label={`${name} · ${say(configText.secretNew)}`}
      hint={usedBy.length === 0 ? undefined : say(configText.usedBy(usedBy.join(', ')))}
    >
      {(bound) => (
        <div class="row">
          <span class="grow">
            <input
              {...bound}
              type="password"
              autocomplete="new-password"
              maxLength={1000}
              value={typed}
              onInput={(event) => draft.setSecret(name, event.currentTarget.value)}
            />
          </span>
          {typed !== '' ? (
            <Badge tone="warn" icon="wait">
              {say(configText.secretChanged)}
            </Badge>
          ) : (
            <Badge tone={known?.set ? 'ok' : 'error'}>
              {say(known?.set ? configText.secretSet : configText.secretMissing)}
            </Badge>
          )}
        </div>
      )}
    </Field>
  );
}
