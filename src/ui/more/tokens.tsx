/** Tokens of programs: the list, a new one with commands that use it, and revoking. */
import { useState } from 'preact/hooks';
import type { NewToken, TokenRow, TokenScope } from '../../page/api/api-token.ts';
import { scopeText, tokensText } from '../../text/page/ui-more.made.ts';
import { box, useAction, useLoad } from '../fetch.ts';
import { Ask, AskRemove, InputField, Tick } from '../inputs.tsx';
import { say } from '../language.ts';
import { Button, Card, Copy, Empty, LoadState, Note } from '../parts.tsx';
import { Time } from '../time.tsx';

const SCOPES: readonly TokenScope[] = ['grants', 'read', 'metrics', 'act'];

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
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Made | undefined>();
  const [going, setGoing] = useState<string | undefined>();
  const rows = tokens.value ?? [];
  return (
    <Card
      title={say(tokensText.title)}
      tools={mayChange && <Button onClick={() => setMaking(true)}>{say(tokensText.make)}</Button>}
    >
      <p class="hint">{say(tokensText.hint)}</p>
      <LoadState of={tokens} />
      {tokens.value?.length === 0 && <Empty>{say(tokensText.none)}</Empty>}
      {made !== undefined && <Fresh made={made} command={command} onDone={() => setMade(undefined)} />}
      <ul class="lined history">
        {rows.map((row) => (
          <Row key={`${row.of} ${row.name}`} row={row} {...(mayChange && { onRevoke: () => setGoing(row.name) })} />
        ))}
      </ul>
      {rows.some((row) => row.of === 'config') && <p class="hint">{say(tokensText.ofConfigHint)}</p>}
      {making && (
        <Make
          onClose={() => setMaking(false)}
          onMade={(fresh) => {
            setMade(fresh);
            setMaking(false);
            tokens.reload();
          }}
        />
      )}
      {going !== undefined && (
        <AskRemove
          title={say(tokensText.revokeAsk(going))}
          yes={tokensText.revoke}
          hint={tokensText.revokeHint}
          path={`tokens/${encodeURIComponent(going)}`}
          onGone={() => {
            if (made?.name === going) setMade(undefined);
            tokens.reload();
          }}
          onClose={() => setGoing(undefined)}
        />
      )}
    </Card>
  );
}

function Row({ row, onRevoke }: { readonly row: TokenRow; readonly onRevoke?: () => void }) {
  const { name, scopes, of, lastUsedWallMs } = row;
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
      {onRevoke !== undefined && of === 'page' && (
        <Button onClick={onRevoke} label={`${say(tokensText.revoke)} ${name}`}>
          {say(tokensText.revoke)}
        </Button>
      )}
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
        <Button onClick={onDone}>{say(tokensText.done)}</Button>
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
      ({ token }) => onMade({ name, scopes, token }),
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
      <fieldset>
        <legend>{say(tokensText.scopes)}</legend>
        {SCOPES.map((scope) => (
          <Tick
            key={scope}
            text={scopeText[scope]}
            on={scopes.includes(scope)}
            onValue={(on) => setScopes(SCOPES.filter((each) => (each === scope ? on : scopes.includes(each))))}
          />
        ))}
      </fieldset>
    </Ask>
  );
}
