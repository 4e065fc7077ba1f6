/**
 * Plates by ONVIF events: what is pulled from a camera that shares no code with the driver, and what is pushed. The notifications have the form of a
 * public test and an issue (Hikvision), and of the Analytics specification, with other plates.
 */
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { readOnvifMessages } from '../../drivers/onvif/codec.ts';
import { onvifKind } from '../../drivers/onvif/driver.ts';
import { systemClock } from '../../src/clock.ts';
import type { Camera, CameraEvent } from '../../src/driver.ts';
import { inPlate } from './cameras/plates.ts';
import { onvifMetadata, onvifNotification, onvifNotify } from './cameras/shapes.ts';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

const soap = (body: string): string =>
  `<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body>${body}</env:Body></env:Envelope>`;

/** What it was asked, and where; it names its pull point by an address of another network. */
async function onvifCamera(pulled: (time: number) => string) {
  const asked: { action: string; url: string; text: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const [, action = ''] = /<s:Body><(\w+) /.exec(text) ?? [];
    asked.push({ action, url: request.url ?? '', text });
    const pulls = asked.filter((each) => each.action === 'PullMessages').length;
    const answers: Readonly<Record<string, string>> = {
      GetSystemDateAndTime:
        '<UTCDateTime><Time><Hour>1</Hour><Minute>2</Minute><Second>3</Second></Time><Date><Year>2026</Year><Month>5</Month><Day>1</Day></Date></UTCDateTime>',
      GetCapabilities: '<tt:Events><tt:XAddr>http://10.9.9.9/onvif/Events</tt:XAddr></tt:Events>',
      CreatePullPointSubscription: `<tev:SubscriptionReference><wsa:Address>http://10.9.9.9/onvif/Events/PullSubManager_20260501T010203Z_0</wsa:Address>
        <wsa:ReferenceParameters><dom0:SubscriptionId xmlns:dom0="http://www.example.com/event">42</dom0:SubscriptionId></wsa:ReferenceParameters></tev:SubscriptionReference>`,
      PullMessages: `<tev:PullMessagesResponse>${pulled(pulls)}</tev:PullMessagesResponse>`,
      Renew: '<wsnt:RenewResponse/>',
      Unsubscribe: '<wsnt:UnsubscribeResponse/>',
    };
    response.writeHead(200, { 'content-type': 'application/soap+xml' }).end(soap(answers[action] ?? ''));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { asked, url: `http://127.0.0.1:${port}` };
}

const cameraOf = (config: object): Camera => onvifKind.create(onvifKind.schema.parse(config), { clock: systemClock() });

describe('a pull point', () => {
  it('is asked for messages until the end, at its own address with its parameters, and left', async () => {
    const plate = inPlate(1);
    const { asked, url } = await onvifCamera((time) => (time === 2 ? onvifNotification({ plate }) : ''));
    const events: CameraEvent[] = [];
    let empty = 0;
    const ended = new AbortController();
    const running = cameraOf({ url, receive: 'stream', user: 'look', password: { reveal: () => 'x' } }).events?.(
      (event) => events.push(event),
      ended.signal,
      () => {
        empty += 1;
      },
    );
    await expect.poll(() => events.length).toBe(1);
    const before = asked.length;
    await expect.poll(() => asked.length).toBeGreaterThan(before + 1);
    ended.abort();
    await running;
    expect(events).toMatchObject([
      { kind: 'read', plate, confidence: 0.71, stampedMs: Date.UTC(2026, 4, 1, 4), replayed: false },
    ]);
    expect(empty).toBe(0);
    expect(asked.map(({ action }) => action).slice(0, 4)).toEqual([
      'GetSystemDateAndTime',
      'GetCapabilities',
      'CreatePullPointSubscription',
      'PullMessages',
    ]);
    expect(asked.at(-1)?.action).toBe('Unsubscribe');
    for (const { action, url: place, text } of asked.slice(3)) {
      expect(place, action).toBe('/onvif/Events/PullSubManager_20260501T010203Z_0');
      expect(text).toContain('>http://10.9.9.9/onvif/Events/PullSubManager_20260501T010203Z_0</To>');
      expect(text).toContain('<dom0:SubscriptionId xmlns:dom0="http://www.example.com/event">42</dom0:SubscriptionId>');
      expect(text).toContain('<UsernameToken>');
    }
  });

  it.each(['/api/open?door=1', '/onvif/ptz_service', '/cgi-bin/configManager.cgi?action=setConfig'])(
    'named at %s is not asked',
    async (place) => {
      const { asked, url } = await onvifCamera(() => '');
      const elsewhere = createServer(async (request, response) => {
        let text = '';
        for await (const chunk of request) text += String(chunk);
        const [, action = ''] = /<s:Body><(\w+) /.exec(text) ?? [];
        asked.push({ action, url: request.url ?? '', text });
        const body =
          action === 'GetCapabilities'
            ? '<Events><XAddr>http://10.9.9.9/onvif/event_service</XAddr></Events>'
            : `<SubscriptionReference><Address>http://10.9.9.9${place.replaceAll('&', '&amp;')}</Address></SubscriptionReference>`;
        response.end(soap(body));
      });
      servers.push(elsewhere);
      await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
      const { port } = elsewhere.address() as { port: number };
      const camera = cameraOf({ url: url.replace(/\d+$/, String(port)), receive: 'stream' });
      await expect(camera.events?.(() => {}, new AbortController().signal)).rejects.toMatchObject({
        code: 'unexpected',
      });
      expect(asked.map((each) => each.url)).not.toContain(place);
    },
  );
});

describe('a push', () => {
  const take = (body: string) =>
    cameraOf({ url: 'http://192.0.2.64' }).push?.take({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/soap+xml' },
      body: Buffer.from(body),
    });

  it('of wsnt:Notify is read, and answered with nothing', () => {
    expect(take(onvifNotify([{ plate: inPlate(1) }, { plate: inPlate(2), likelihood: '0.93' }]))).toMatchObject({
      events: [
        { plate: inPlate(1), confidence: 0.71 },
        { plate: inPlate(2), confidence: 0.93 },
      ],
      answer: { status: 200, body: '' },
    });
  });

  it('that is none of ONVIF is refused', () => {
    for (const body of ['', '{}', '<a/>', 'x'.repeat(100_000)]) expect(() => take(body)).toThrow('no notification');
  });
});

describe('reads', () => {
  const read = (xml: string) => readOnvifMessages(Buffer.from(xml));

  it('of the Analytics specification, with a likelihood of the plate', () => {
    const info = `<tt:ElementItem Name="LicensePlateInfo"><tt:LicensePlateInfo><tt:PlateNumber Likelihood="0.9">${inPlate(3)}</tt:PlateNumber><tt:PlateType>Normal</tt:PlateType></tt:LicensePlateInfo></tt:ElementItem>`;
    const events = read(onvifNotify([{ topic: 'tns1:RuleEngine/Recognition/LicensePlate', items: info }]));
    expect(events).toMatchObject([{ plate: inPlate(3), confidence: 0.9 }]);
  });

  it('of a metadata stream, an object each', () => {
    expect(read(onvifMetadata([inPlate(4), inPlate(5)]))).toMatchObject([
      { plate: inPlate(4), confidence: 0.9, stampedMs: Date.UTC(2026, 4, 1, 4) },
      { plate: inPlate(5) },
    ]);
  });

  it('that the camera holds from before the subscription are of vehicles that are gone', () => {
    expect(read(onvifNotify([{ plate: inPlate(1), operation: 'Initialized' }]))).toMatchObject([{ replayed: true }]);
  });

  it('of motion and of nothing are none; a recogniser without a plate has none to name', () => {
    const motion = {
      topic: 'tns1:RuleEngine/CellMotionDetector/Motion',
      items: '<tt:SimpleItem Name="IsMotion" Value="true"/>',
    };
    expect(read(onvifNotify([motion]))).toEqual([]);
    expect(read(soap('<tev:PullMessagesResponse></tev:PullMessagesResponse>'))).toEqual([]);
    expect(read(onvifNotify([{ plate: '' }]))).toMatchObject([{ plate: '' }]);
  });
});
