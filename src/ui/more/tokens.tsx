/** Tokens of programs: the list, a new one with commands that use it, and revoking. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { NewToken, TokenRow, TokenScope } from '../../page/api/api-token.ts';
import { scopeText, tokensText } from '../../text/page/ui-more.made.ts';
import type { Text } from '../../text/text.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Ask, InputField, Opens, Remover, Ticks } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Copy, Empty, LoadState, Note } from '../parts.tsx';
import { Time } from '../time.tsx';

const SCOPES = Object.entries(scopeText) as [TokenScope, Text][];

interface Made {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
  readonly token: string;
}

interface TokensProps {
  readonly mayChange: boolean;
  /** A command that uses the token with this scope; undefined: none can be given now. */
  readonly command: (scope: TokenScope, token: string) => string | undefined;
}

export function TokenList({ mayChange, command }: TokensProps) {
  const tokens = useLoad<readonly TokenRow[]>('tokens');
  const [made, setMade] = useState<Made | undefined>();
  const rows = tokens.value ?? [];
  const make = (
    <Opens onClosed={tokens.reload} dialog={(close) => <Make onClose={close} onMade={setMade} />}>
      {say(tokensText.make)}
    </Opens>
  );
  const gone = (name: string): void => {
    if (made?.name === name) setMade(undefined);
    tokens.reload();
  };
  return (
    <Card title={say(tokensText.title)} tools={mayChange && make}>
      <p class="hint">{say(tokensText.hint)}</p>
      <LoadState of={tokens} />
      {tokens.value?.length === 0 && <Empty>{say(tokensText.none)}</Empty>}
      {made !== undefined && <Fresh made={made} command={command} onDone={() => setMade(undefined)} />}
      <ul class="lined history">
        {rows.map((row) => (
          <Row key={`${row.of} ${row.name}`} row={row}>
            {mayChange && row.of === 'page' && (
              <Remover
                yes={tokensText.revoke}
                name={row.name}
                title={tokensText.revokeAsk(row.name)}
                hint={tokensText.revokeHint}
                path={`tokens/${encodeURIComponent(row.name)}`}
                onGone={() => gone(row.name)}
              />
            )}
          </Row>
        ))}
      </ul>
      {rows.some((row) => row.of === 'config') && <p class="hint">{say(tokensText.ofConfigHint)}</p>}
    </Card>
  );
}

interface RowProps {
  readonly row: TokenRow;
  readonly children: ComponentChildren;
}

function Row({ row: { name, scopes, of, lastUsedWallMs }, children }: RowProps) {
  return (
    <li class="row">
      <span class="grow">
        <strong>{name}</strong> <code>{scopes.join(' ')}</code>{' '}
        {of === 'config' && <span class="quiet">{say(tokensText.ofConfig)} · </span>}
        <span class="quiet">
          {lastUsedWallMs === undefined ? (
            say(tokensText.never)
          ) : (
            <>
              {say(tokensText.lastUsed)} <Time wallMs={lastUsedWallMs} />
            </>
          )}
        </span>
      </span>
      {children}
    </li>
  );
}

/** Shown this once. */
function Fresh({
  made: { token, scopes },
  command,
  onDone,
}: Pick<TokensProps, 'command'> & { readonly made: Made; readonly onDone: () => void }) {
  const commands = scopes.flatMap((scope) => command(scope, token) ?? []);
  return (
    <Note level="ok">
      <p>{say(tokensText.once)}</p>
      <Copy text={token} />
      {commands.length > 0 && <p>{say(tokensText.tryIt)}</p>}
      {commands.map((each) => (
        <Copy key={each} text={each} />
      ))}
      <p>
        <Button text={tokensText.done} onClick={onDone} />
      </p>
    </Note>
  );
}

function Make({ onMade, onClose }: { readonly onMade: (made: Made) => void; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly TokenScope[]>(['read']);
  const action = useAction();
  const make = () =>
    action.run(
      () => box.post<NewToken>('tokens', { name, scopes }),
      ({ token }) => {
        onMade({ name, scopes, token });
        onClose();
      },
    );
  return (
    <Ask
      title={say(tokensText.make)}
      yes={tokensText.make}
      action={action}
      off={scopes.length === 0}
      onYes={make}
      onClose={onClose}
    >
      <InputField
        label={tokensText.name}
        hint={tokensText.nameHint}
        required
        maxLength={32}
        value={name}
        onValue={setName}
      />
      <Ticks legend={tokensText.scopes} all={SCOPES} on={scopes} onPick={setScopes} />
    </Ask>
  );
}
