/** Every way in which the platform can fail a client, as answers on the wire. It must not know records. */
import type { ServerResponse } from 'node:http';
import { signatureHint } from './platform-check.ts';
import type { ReleaseForm } from './platform-form.ts';

/** What the platform does with a request instead of its usual work. Nothing is recorded unless it says so. */
export type Misbehaviour =
  | { readonly kind: 'unauthorized' } // 401 with the signed text as hint, though the signature is right
  | { readonly kind: 'badRequest'; readonly hint: string }
  | { readonly kind: 'successWithHint'; readonly hint?: string } // integration: success, a hint, and the record is dropped
  | { readonly kind: 'code'; readonly code: string | number; readonly status?: number; readonly hint?: string }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string } // 500, 503, 429, 408 … and no JSON of ours
  | { readonly kind: 'html' } // 200 from something in between
  | { readonly kind: 'half' } // the connection ends within the answer
  | { readonly kind: 'reset' } // before any answer
  | { readonly kind: 'stall' } // no answer, the connection stays
  | { readonly kind: 'slow'; readonly delayMs: number } // then as usual
  | { readonly kind: 'recordThenReset' } // accepted, and the answer is lost
  | { readonly kind: 'successCode'; readonly code: string | number }; // accepted, told by this code

export type PlatformOutcome = 'accepted' | 'duplicate' | 'refused' | 'misbehaved';

/** Misbehaves once. `keep` records the request as usual, for those that do. */
export function misbehave(
  misbehaviour: Exclude<Misbehaviour, { kind: 'slow' }>,
  form: ReleaseForm | undefined,
  response: ServerResponse,
  keep: () => PlatformOutcome,
): PlatformOutcome {
  const hint = form ? signatureHint(form) : '';
  switch (misbehaviour.kind) {
    case 'unauthorized':
      answer(response, 401, { code: '1401', message: 'Unauthorized', hint });
      return 'misbehaved';
    case 'badRequest':
      answer(response, 400, { code: '1400', message: 'Bad Request', hint: misbehaviour.hint });
      return 'misbehaved';
    case 'successWithHint':
      answer(response, 200, { code: '1001', message: 'SUCCESS', hint: misbehaviour.hint ?? hint });
      return 'misbehaved';
    case 'code': {
      const extra = misbehaviour.hint === undefined ? {} : { hint: misbehaviour.hint };
      answer(response, misbehaviour.status ?? 200, { code: misbehaviour.code, message: 'as asked', ...extra });
      return 'misbehaved';
    }
    case 'status':
      if (misbehaviour.retryAfter !== undefined) response.setHeader('retry-after', misbehaviour.retryAfter);
      response.writeHead(misbehaviour.status).end();
      return 'misbehaved';
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>502 Bad Gateway</body></html>');
      return 'misbehaved';
    case 'half':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '200' });
      response.write('{"code":"1001","mess', () => response.destroy());
      return 'misbehaved';
    case 'reset':
      response.socket?.resetAndDestroy();
      return 'misbehaved';
    case 'stall':
      return 'misbehaved';
    case 'recordThenReset': {
      const outcome = keep();
      response.socket?.resetAndDestroy();
      return outcome;
    }
    case 'successCode': {
      const outcome = keep();
      answer(response, 200, { code: misbehaviour.code, message: 'SUCCESS' });
      return outcome;
    }
  }
}

export function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
