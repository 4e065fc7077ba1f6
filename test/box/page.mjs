// The page of a box, as a browser asks it.
import assert from 'node:assert/strict';

export const PASSWORD = 'four unrelated green words';

export function pageOf(port) {
  const ask = (path, { cookie, headers, ...options } = {}) =>
    fetch(`http://127.0.0.1:${port}/api/v1/${path}`, {
      ...options,
      headers: { 'accept-language': 'en', ...(cookie && { cookie }), ...headers },
    });
  const post = (path, value, options = {}) =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(value),
      ...options,
      headers: { 'content-type': 'application/json', ...options.headers },
    });
  const session = async (answer) => {
    assert.ok(answer.ok, await answer.clone().text());
    return answer.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
  };
  return {
    ask,
    post,
    /** Each resolves to the cookie of a session. */
    setUp: async (code) => session(await post('setup', { code, user: 'installer', password: PASSWORD })),
    logIn: async () => session(await post('login', { user: 'installer', password: PASSWORD })),
    /** The answer as JSON; undefined: no such page, as while the service restarts. */
    see: (path, cookie) =>
      ask(path, { cookie }).then(
        (answer) => (answer.ok ? answer.json() : undefined),
        () => undefined,
      ),
  };
}
