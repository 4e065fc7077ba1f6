/** `lanewarden token`: lists, makes and revokes tokens of programs, at the box, with write access to its state. The running program sees it at once. */
import { dirname } from 'node:path';
import { systemClock } from '../../clock.ts';
import { Problem } from '../../http/problem.ts';
import { TOKEN_SCOPES } from '../../http/token-scopes.ts';
import { scopesOf, TokenStore } from '../../page/access/made-tokens.ts';
import { userName } from '../../page/access/user-name.ts';
import { tokenText } from '../../text/commands/token.made.ts';
import { auditText } from '../../text/page/server.ts';
import { beijingTime, type Text } from '../../text/text.ts';
import { UsageError } from '../arguments.ts';
import { type Command, type CommandContext, EXIT, ExitError, STORE_OPTIONS } from '../command.ts';
import { print, remark } from '../output.ts';
import { hasPageFolder, pageFolder } from './page-folder.ts';
import { noteAtShell, shellUser } from './shell-audit.ts';

const OPTIONS = {
  ...STORE_OPTIONS,
  new: { type: 'string', value: 'NAME', help: tokenText.make },
  scope: { type: 'string', value: 'SCOPE', multiple: true, offers: TOKEN_SCOPES, help: tokenText.scope },
  revoke: { type: 'string', value: 'NAME', help: tokenText.revoke },
} as const;

export const tokenCommand: Command = {
  name: 'token',
  summary: tokenText.summary,
  options: OPTIONS,
  run: async (values, _, context) => {
    const wanted = wantedOf(values);
    const folder = pageFolder(values, context);
    if (!hasPageFolder(folder)) throw new ExitError(EXIT.noInput, tokenText.noFolder(folder));
    const store = new TokenStore(folder, systemClock());
    try {
      await store.refresh();
      if (wanted === undefined) list(store, context);
      else await change(store, wanted, folder, context);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const isGone = error.code === 'notFound' && wanted !== undefined;
      throw new ExitError(EXIT.failure, isGone ? tokenText.none(wanted.name) : error.text);
    }
  },
};

type Wanted =
  | { readonly kind: 'new'; readonly name: string; readonly scopes: NonNullable<ReturnType<typeof scopesOf>> }
  | { readonly kind: 'revoke'; readonly name: string };

/** undefined: the list. Throws UsageError. */
function wantedOf(values: Readonly<Record<string, unknown>>): Wanted | undefined {
  const { new: name, revoke, scope } = values as { new?: string; revoke?: string; scope?: readonly string[] };
  if (name !== undefined && revoke !== undefined) throw new UsageError('option', tokenText.oneOfBoth);
  if (revoke !== undefined) return { kind: 'revoke', name: revoke.normalize('NFC') };
  if (name === undefined) {
    if (scope !== undefined) throw new UsageError('option', tokenText.scopeAlone);
    return undefined;
  }
  const scopes = scopesOf(scope ?? []);
  if (scopes === undefined) throw new UsageError('option', tokenText.scopes(TOKEN_SCOPES));
  const allowed = userName.safeParse(name);
  if (!allowed.success) throw new UsageError('option', tokenText.badName);
  return { kind: 'new', name: allowed.data, scopes };
}

async function change(store: TokenStore, wanted: Wanted, folder: string, context: CommandContext): Promise<void> {
  const note = (what: Text) => noteAtShell(dirname(folder), what, context);
  if (wanted.kind === 'revoke') {
    await store.revoke(wanted.name);
    await note(auditText.tokenRevoked(wanted.name));
    return print(context, tokenText.revoked(wanted.name));
  }
  const token = await store.add(wanted.name, wanted.scopes, shellUser(context));
  await note(auditText.tokenMade(wanted.name, wanted.scopes));
  // The token alone, for `$(lanewarden token …)`.
  remark(context, tokenText.once);
  print(context, token);
}

function list(store: TokenStore, context: CommandContext): void {
  const { language } = context;
  const rows = store.list();
  if (rows.length === 0) remark(context, tokenText.empty);
  for (const { name, scopes, createdWallMs, by, lastUsedWallMs: usedWallMs } of rows) {
    const columns = [name, scopes.join(','), `${tokenText.made[language]} ${at(createdWallMs)} ${by}`];
    const used = usedWallMs === undefined ? tokenText.unused : tokenText.used(at(usedWallMs));
    print(context, [...columns, used[language]].join('  '));
  }
}

const at = (wallMs: number): string => beijingTime(wallMs).replace(/\.\d+/, '');
