/** Tokens of programs: the list, a new one with commands that use it, and revoking. */
import { useState } from 'preact/hooks';
import type { NewToken, TokenRow, TokenScope } from '../../page/api/api-token.ts';
import { scopeText, tokensText } from '../../text/page/ui-more.made.ts';
import type { Text } from '../../text/text.ts';
import { box, useLoad } from '../fetch.ts';
import { Ask, InputField, Opens, Remover, Ticks } from '../inputs.tsx';
import { say } from '../language.ts';
import { ListCard } from '../list-card.tsx';
import { Button, Copy, Note } from '../parts.tsx';
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
  const make = (
    <Opens
      text={tokensText.make}
      onClosed={tokens.reload}
      dialog={(close) => <Make onClose={close} onMade={setMade} />}
    />
  );
  const gone = (name: string): void => {
    if (made?.name === name) setMade(undefined);
    tokens.reload();
  };
  return (
    <>
      {made !== undefined && <Fresh made={made} command={command} onDone={() => setMade(undefined)} />}
      <ListCard
        title={tokensText.title}
        hint={tokensText.hint}
        of={tokens}
        none={tokensText.none}
        tools={mayChange && make}
        id={({ of, name }) => `${of} ${name}`}
        row={({ name, scopes, of, lastUsedWallMs }) => (
          <>
            <strong>{name}</strong> <code>{scopes.join(' ')}</code>{' '}
            <span class="quiet">
              {of === 'config' && `${say(tokensText.ofConfig)} · `}
              {say(lastUsedWallMs === undefined ? tokensText.never : tokensText.lastUsed)}{' '}
              {lastUsedWallMs !== undefined && <Time wallMs={lastUsedWallMs} />}
            </span>
          </>
        )}
        buttons={({ of, name }) =>
          mayChange &&
          of === 'page' && (
            <Remover
              yes={tokensText.revoke}
              name={name}
              title={tokensText.revokeAsk(name)}
              hint={tokensText.revokeHint}
              path={`tokens/${encodeURIComponent(name)}`}
              onGone={() => gone(name)}
            />
          )
        }
      >
        {tokens.value?.some(({ of }) => of === 'config') && <p class="hint">{say(tokensText.ofConfigHint)}</p>}
      </ListCard>
    </>
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
  return (
    <Ask
      title={tokensText.make}
      yes={tokensText.make}
      off={scopes.length === 0}
      ask={() => box.post<NewToken>('tokens', { name, scopes })}
      onDone={({ token }) => onMade({ name, scopes, token })}
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
