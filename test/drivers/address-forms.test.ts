/** Which addresses a camera may be asked for: real pictures pass, everything that acts does not, however it is written. */

import { describe, expect, it } from 'vitest';
import { digestOf, hasForm, mayAsk, sentAs } from '../../drivers/camera-http/address-forms.ts';
import { PICTURE_FORMS, SERVICE_FORMS } from '../../drivers/camera-http/picture-forms.ts';
import fc from '../property.ts';
import { OPENERS } from './openers.ts';
import { PICTURES } from './picture-addresses.ts';

const BASE = 'http://192.0.2.1';
const sent = (written: string): string => sentAs(new URL(BASE + written));
const may = (written: string): boolean => mayAsk('GET', sent(written));

describe('an address', () => {
  it.each(PICTURES)('%s is one of a picture', (written) => expect(may(written)).toBe(true));

  it.each(OPENERS)('%s is asked for in no way', (written) => {
    expect(mayAsk('GET', sent(written))).toBe(false);
    expect(mayAsk('POST', sent(written))).toBe(false);
  });

  it('of a service is only posted to, and a picture’s never', () => {
    for (const written of ['/onvif/device_service', '/onvif/Media', '/onvif/media_service', '/vapix/services']) {
      expect(mayAsk('POST', written)).toBe(true);
      expect(mayAsk('GET', written)).toBe(false);
    }
    for (const written of PICTURES) expect(mayAsk('POST', sent(written)), written).toBe(false);
    expect(mayAsk('POST', '/onvif/media_service?x=1')).toBe(false);
    expect(mayAsk('POST', '/open', digestOf('/open'))).toBe(false);
  });

  it.each([
    '/cgi-bin/snapshot.cgi?channel=1&channel=2',
    '/cgi-bin/snapshot.cgi?channel=1&CHANNEL=2',
    '/cgi-bin/snapshot.cgi?channel=%31',
    '/cgi-bin/snapshot.cgi?channel=1%26action=open',
    '/cgi-bin/snapshot.cgi?channel=1;action=open',
    '/cgi-bin/snapshot.cgi?channel=1&action=open',
    '/cgi-bin/snapshot.cgi?channel=1%00',
    '/cgi-bin/snapshot.cgi?channel=1+1',
    '/cgi-bin/snapshot.cgi?channel=',
    '/cgi-bin/snapshot.cgi?channel',
    '/cgi-bin/snapshot.cgi?',
    '/cgi-bin/snapshot.cgi/',
    '/cgi-bin/snapshot.cgi/../trafficSnap.cgi',
    '/cgi-bin//snapshot.cgi',
    '//cgi-bin/snapshot.cgi',
    '/cgi-bin/snapshot.cgi;open',
    '/cgi-bin%2fsnapshot.cgi',
    '/cgi-bin/%2e%2e/open',
    '/cgi-bin/%252e%252e/open',
    '/cgi-bin/snapshot%2ecgi',
    '/cgi-bin/snapshot.cgi%0d%0aGET%20/open',
    '/snapshot/lpr/../../open',
    '/mmc/VzIPCCap/2017_09_02/a%2e%2e%2fopen.jpg',
    '/mmc/VzIPCCap/2017_09_02/%D4%C1/../../open.jpg',
    '/mmc/VzIPCCap/%2e%2e/a.jpg',
    '/mmc/VzIPCCap/2017_09_02/a%0d%0aopen.jpg',
    '/mmc/VzIPCCap/2017_09_02/a.jpg?open=1',
    '/mmc/open/2017_09_02/a.jpg',
    '/snapshot/lpr/%2e%2e/%2e%2e/open.jpg',
    '/snapshot/lpr/..%2f..%2fopen.jpg',
    '/snapshot/lpr/..%5c..%5copen.jpg',
    '/snapshot/lpr//a.jpg',
    '/snapshot/lpr/a.jpg/open',
    '/snapshot/lpr/a.jpg?open=1',
    '/snapshot/lpr/a.php',
    '/images/..;/open.jpg',
    '/api/frame.jpeg?src=http://192.0.2.9/open',
    '/api/frame.jpeg?src=echo:x',
    '/ﬀ.jpg',
    '/ısapi/Streaming/channels/101/picture',
    `/snapshot.jpg?user=${'a'.repeat(65)}`,
    `/snapshot.jpg?t=${'1'.repeat(2_000)}`,
  ])('%s is not one, though much of it is', (written) => {
    // What the parser makes of dots and backslashes is what is sent; some become an address that is good, and then that is what is sent.
    const good = ['/cgi-bin/snapshot.cgi'];
    expect(may(written) && !good.includes(sent(written))).toBe(false);
  });

  it('is judged as it is sent: what the parser takes away is not sent either', () => {
    expect(sent('/x/../snapshot.jpg#/gate/open')).toBe('/snapshot.jpg');
    expect(sent('\\gate\\open')).toBe('/gate/open');
    expect(may('\\gate\\open')).toBe(false);
    expect(mayAsk('GET', '/snapshot.jpg#open')).toBe(false);
    expect(mayAsk('GET', 'http://192.0.2.9/snapshot.jpg')).toBe(false);
    expect(mayAsk('GET', '/snapshot.jpg HTTP/1.1\r\nGET /open')).toBe(false);
    expect(mayAsk('GET', '/snapshot.jpg\n')).toBe(false);
    expect(mayAsk('GET', '')).toBe(false);
  });

  it('that a person has confirmed is asked for, and no other', () => {
    const confirmed = digestOf('/pic?cam=gate');
    expect(mayAsk('GET', '/pic?cam=gate', confirmed)).toBe(true);
    for (const other of ['/pic?cam=gate2', '/pic', '/PIC?cam=gate', '/pic?cam=gate&', '/pic?cam=%67ate', '/open'])
      expect(mayAsk('GET', other, confirmed), other).toBe(false);
    expect(mayAsk('GET', '/snapshot.jpg', confirmed)).toBe(true);
  });
});

describe('the list of forms', () => {
  const forms = [...Object.values(PICTURE_FORMS).flat(), ...SERVICE_FORMS];

  it('names each part of a query once, and begins at the root', () => {
    for (const [path, must = '', may_ = ''] of forms) {
      expect(path.startsWith('/')).toBe(true);
      const keys = `${must}&${may_}`.split('&').map((part) => part.split('=')[0]?.toLowerCase());
      const named = keys.filter((key) => key !== '' && key !== undefined);
      expect(new Set(named).size, `${path} ${named.join(' ')}`).toBe(named.length);
    }
  });

  it('has none whose hole could choose what is done', () => {
    for (const [path, ...queries] of forms) {
      const text = [path, ...queries].join('&');
      expect(text, text).not.toMatch(
        /(action|cmd|command|method|msubmenu|op|do|set|turn|output|relay)=\{(n|token|file|login)/i,
      );
      expect(path, path).not.toMatch(/^\/\{(token|file|n)\}$/);
      expect(path, path).not.toMatch(/^\/\{(token|file)\}\./);
    }
  });
});

/** Words that act. Written for this test before there was a list of forms, when such a list was all that stood in the way. */
const ACTS =
  /strobe|barrier(?!GateStatus$|Gate\/barrierGateStatus$)|(?<![a-z])gate\/(open|close)|relay|trigger|ioctl|io\/outputs|io\/(port|output|virtualinput)\.cgi|alarmout|(action|cmd|command|method)=(set|open|close|unlock|lock|control|start|stop|add|insert|update|remove|delete|reset|reboot)|setconfig|setstate|unlock|whitelist|redlist|remotecontrol|coaxial|reboot|restart|factory|upgrade|setdo|rpc\/|cmnd=|open-door|dio_output|doa\d|switch\/ctrl/i;

/** A picture or a camera may be called anything in the folder where those are. */
const NAMED =
  /^\/(snapshot|image|mjpg|onvif\/snapshot)\/[\w/-]+(?=\.jpe?g|$|\?)|^\/([a-z]+)\/[\w-]+(?=\.jpe?g$|\/latest\.)/i;

describe('an opener', () => {
  const opener = fc.constantFrom(...OPENERS);
  const picture = fc.constantFrom(...PICTURES);
  const encoded = (text: string): string =>
    text.replaceAll(/[a-z]/gi, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  const spice = fc.constantFrom(
    '/',
    '//',
    '/./',
    '/../',
    '\\',
    '%2f',
    '%5c',
    '%2e%2e/',
    '?',
    '&',
    '#',
    ';',
    '%00',
    '%0d%0a',
    ' ',
    '=',
    '@',
    ':',
    '+',
    '.jpg',
    '.cgi',
    '?x=',
    '&channel=1',
  );
  const cut = fc.nat({ max: 80 });
  const mutated = fc.oneof(
    opener,
    opener.map(encoded),
    opener.map((text) => text.toUpperCase()),
    fc.tuple(opener, spice, cut).map(([text, more, at]) => text.slice(0, at) + more + text.slice(at)),
    fc.tuple(opener, cut).map(([text, at]) => text.slice(0, at) + text.slice(at + 1)),
    fc.tuple(picture, spice, opener).map(([front, more, text]) => front + more + text.slice(1)),
    fc.tuple(opener, spice, picture).map(([text, more, end]) => text + more + end.slice(1)),
    fc
      .tuple(picture, opener)
      .map(([front, text]) => `${front}${front.includes('?') ? '&' : '?'}${text.split('?')[1] ?? 'x=1'}`),
    fc.tuple(opener, picture).map(([text, end]) => `${text.split('?')[0]}?${end.split('?')[1] ?? '1'}`),
    fc.tuple(picture, fc.nat({ max: 6 }), opener).map(([front, at, text]) =>
      front
        .split('/')
        .toSpliced(at, 0, ...text.split('/').slice(1))
        .join('/'),
    ),
  );

  it('passes in no disguise: whatever passes has none of its words', () => {
    let passed = 0;
    fc.assert(
      fc.property(mutated, (written) => {
        if (!URL.canParse(BASE + (written.startsWith('/') ? written : `/${written}`))) return;
        const path = sent(written.startsWith('/') ? written : `/${written}`);
        if (!hasForm('GET', path)) return;
        passed += 1;
        // What was added is behind a '#', and is not sent: this is the picture itself, whose name may be a plate in GBK.
        if (PICTURES.map(sent).includes(path)) return;
        expect(path).not.toContain('%');
        expect(path).not.toMatch(/\/\/|\.\.|[\\;#@]/);
        expect(path.replace(NAMED, '/$1/NAME')).not.toMatch(ACTS);
        // Nothing of it is an opener, and what passes is an address of its own, not a part of one.
        expect(OPENERS.map(sent)).not.toContain(path);
      }),
      { numRuns: 20_000 },
    );
    // That nothing passed at all would prove nothing.
    expect(passed).toBeGreaterThan(20);
  });

  it('is no form with anything but digits in a number, or a separator in a name', () => {
    const holes = [
      '/ISAPI/Streaming/channels/@/picture',
      '/cgi-bin/snapshot.cgi?channel=@',
      '/snapshot/lpr/@.jpg',
      '/api/frame.jpeg?src=@',
      '/api/@/latest.jpg',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...holes), fc.string({ maxLength: 12 }), (hole, text) => {
        const written = BASE + hole.replace('@', text);
        if (!URL.canParse(written)) return;
        const path = sentAs(new URL(written));
        if (!hasForm('GET', path)) return;
        const [front = '', back = ''] = hole.split('@');
        // Either the hole took a plain word, or the parser made another known address of it.
        const inside = path.slice(front.length, path.length - back.length);
        expect(/^[\w.-]*(\/[\w-]+)*(&\d*)?$/.test(inside) || !path.startsWith(front)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
