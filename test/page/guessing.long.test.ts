/** Who guesses a password or the set-up code is slowed down; nobody else is: not from another address, not at the same one, not after a restart. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answered, PASSWORD, type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
afterEach(async () => {
  await box?.close();
});

const GUESSER = '127.0.0.2';
const FRESH = '127.0.0.3';
const WRONG = 'wrong words here';

const login = (user: string, password: string, from?: string, cookie?: string): Promise<Answered> =>
  box.ask('POST', '/api/v1/login', { body: { user, password }, ...(from && { from }), ...(cookie && { cookie }) });

/** Guesses until it is told to wait. */
async function guessUntilHeld(from: string): Promise<Answered> {
  for (let count = 0; count < 10; count += 1) {
    const answer = await login('installer', WRONG, from);
    if (answer.json.code !== 'wrongPassword') return answer;
  }
  throw new Error('ten guesses and no wait');
}

describe('bad logins', () => {
  it('make the guesser wait, by its address and the name, and nobody else', async () => {
    box = await pageBox();
    await box.as('installer');
    const held = await guessUntilHeld(GUESSER);
    expect(held.json.code).toBe('tooManyRequests');
    expect(Number(held.headers['retry-after'])).toBeGreaterThan(20);
    // Also with the right password: else it would be told.
    expect((await login('installer', PASSWORD, GUESSER)).json.code).toBe('tooManyRequests');
    expect((await login('installer', PASSWORD)).status).toBe(200);
    expect((await login('installer', PASSWORD, FRESH)).status).toBe(200);
  });

  it('at the very same address leave the browser alone that has logged in there', async () => {
    box = await pageBox();
    await box.as('installer');
    const { cookies } = await login('installer', PASSWORD);
    const device = cookies.split('; ').find((each) => each.includes('-device='));
    expect(device).toMatch(/^lanewarden-device=[\w-]{32}$/);
    expect((await guessUntilHeld('127.0.0.1')).json.code).toBe('tooManyRequests');
    expect((await login('installer', PASSWORD)).json.code).toBe('tooManyRequests');
    expect((await login('installer', PASSWORD, undefined, device)).status).toBe(200);
    // The token is no password, and it is only kept as a hash.
    expect((await login('installer', WRONG, undefined, device)).status).toBe(401);
    const kept = readFileSync(join(box.folder, 'state', 'page', 'known-places.json'), 'utf8');
    expect(kept).not.toContain(device?.split('=')[1]);
  });

  it('at the same address under other names hold up no user who has logged in there, also after a restart', async () => {
    box = await pageBox();
    await box.as('installer');
    box = await box.restart();
    const guesses = Array.from({ length: 20 }, (_, n) => login(`user${n}`, WRONG));
    const right = await login('installer', PASSWORD);
    expect(right.status).toBe(200);
    const codes = (await Promise.all(guesses)).map(({ json }) => json.code);
    expect(codes).toContain('tooManyRequests');
  });

  it('say nothing of whether there is such a user', async () => {
    box = await pageBox();
    await box.as('installer');
    const [there, nobody] = [await login('installer', WRONG, GUESSER), await login('nobody', WRONG, GUESSER)];
    expect(nobody.json).toEqual(there.json);
  });
});

it('bad set-up codes of one address do not keep the installer out', async () => {
  box = await pageBox();
  const setup = (code: string, from: string) =>
    box.ask('POST', '/api/v1/setup', { body: { code, user: 'installer', password: PASSWORD }, from });
  const codes: string[] = [];
  for (let count = 0; count < 6; count += 1) codes.push((await setup('AAAA-BBBB-CCCC-DDDD', GUESSER)).json.code);
  expect(codes).toEqual([...Array(5).fill('wrongCode'), 'tooManyRequests']);
  const code = readFileSync(join(box.folder, 'state', 'page', 'setup-code'), 'utf8').trim();
  expect((await setup(code, '127.0.0.1')).status).toBe(200);
});
