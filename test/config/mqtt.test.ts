/** `intake.mqtt` in a configuration: what it becomes, and every way to get it wrong. */
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/file.ts';
import { kinds } from './kinds.ts';
import { CANARY, faultsIn, GOOD, SECRETS, workshop } from './workshop.ts';

const written = (mqtt: string, secrets = SECRETS) =>
  workshop(GOOD.replace('intake:\n', `intake:\n  mqtt: ${mqtt}\n`), `${secrets}intake.broker: "${CANARY}-broker"\n`);
const configOf = (mqtt: string) => loadConfig(written(mqtt), kinds, {}).intake.mqtt;

const faultsOf = (mqtt: string) =>
  faultsIn(() => configOf(mqtt)).map(({ path, message, hint }) => `${path}: ${message.en} (${hint.en}) ${message.zh}`);

describe('intake.mqtt', () => {
  test('is off when nothing is said, and when it is turned off', () => {
    expect(loadConfig(workshop(GOOD), kinds, {}).intake.mqtt).toBeUndefined();
    expect(configOf('{ enabled: false, url: mqtt://192.0.2.7, grants: park/grants }')).toBeUndefined();
  });

  test('has the ports of MQTT, a name of its own, and shows no password', () => {
    const config = configOf(
      '{ enabled: true, url: mqtt://192.0.2.7, user: box, password: { secret: intake.broker }, grants: park/grants }',
    );
    expect(config).toMatchObject({ secure: false, host: '192.0.2.7', port: 1883, user: 'box', grants: 'park/grants' });
    expect(config?.clientId).toMatch(/^lanewarden[0-9a-f]{13}$/);
    expect(config?.password?.reveal()).toBe(`${CANARY}-broker`);
    expect(JSON.stringify(config)).not.toContain(CANARY);
    expect(configOf('{ enabled: true, url: "mqtts://[2001:db8::7]", plates: "park/+/plates" }')).toMatchObject({
      secure: true,
      host: '2001:db8::7',
      port: 8883,
      plates: 'park/+/plates',
    });
  });

  test('keeps its name when a lane is added, and another box has another', () => {
    const mqtt = '{ enabled: true, url: mqtt://192.0.2.7, grants: a }';
    const nameOf = (text: string) =>
      loadConfig(workshop(text.replace('intake:\n', `intake:\n  mqtt: ${mqtt}\n`)), kinds, {}).intake.mqtt?.clientId;
    const added = GOOD.replace('intake:\n', '  - { id: "2", direction: entry, points: { up: io1.di4 } }\nintake:\n');
    expect(nameOf(added)).toBe(nameOf(GOOD));
    expect(nameOf(GOOD.replace('id: 0123', 'id: 0124'))).not.toBe(nameOf(GOOD));
  });

  test('a mapping has tables for gates, kinds and colours; lanes may be written as numbers', () => {
    const mapping =
      '{ grants: { id: /no, lane: /gate }, plates: { lane: /gate, plate: /p~1q }, lanes: { A: 0123 }, kinds: { M: monthly }, confidenceMax: 100 }';
    expect(configOf(`{ enabled: true, url: mqtt://192.0.2.7, grants: a, mapping: ${mapping} }`)?.mapping).toEqual({
      grants: { id: '/no', lane: '/gate' },
      plates: { lane: '/gate', plate: '/p~1q' },
      lanes: { A: '0123' },
      kinds: { M: 'monthly' },
      colors: {},
      confidenceMax: 100,
    });
  });

  test.each([
    ['enabled: true, grants: a', 'intake.mqtt: "url" is missing'],
    ['enabled: true, url: mqtt://192.0.2.7', 'intake.mqtt: "grants" is missing'],
    [
      'enabled: true, url: mqtt://192.0.2.7, grants: a, fates: zigbee2mqtt/gate/set',
      'intake.mqtt.fates: the topic of fates ends with grants/fate, without + and #',
    ],
    [
      'enabled: true, url: mqtt://192.0.2.7, grants: a, fates: +/grants/fate',
      'intake.mqtt.fates: the topic of fates ends with grants/fate, without + and #',
    ],
    ['url: http://192.0.2.7', 'intake.mqtt.url: this is not the address of an MQTT broker'],
    ['url: "mqtt://box:hunter2@192.0.2.7"', 'intake.mqtt.url: this is not the address of an MQTT broker'],
    ['url: mqtt://192.0.2.7/park', 'intake.mqtt.url: this is not'],
    ['password: { secret: intake.broker }', 'intake.mqtt: "user" is missing'],
    ['user: a, password: { secret: intake.other }', 'intake.mqtt.password.secret: '],
    ['user: a, password: hunter2', 'intake.mqtt.password: "password" must not stand in this file'],
    ['grants: park/#/x', 'intake.mqtt.grants: this is not a topic to subscribe to'],
    ['grants: park/a+', 'intake.mqtt.grants: this is not a topic'],
    ['grants: "$share/boxes/park"', 'intake.mqtt.grants: this is not a topic'],
    ['grants: a, plates: a', 'intake.mqtt.plates: two kinds of messages have the same topic'],
    ['url: mqtt://192.0.2.7, ca: ca.pem', 'intake.mqtt.ca: there is a ca, and url is not an encrypted connection'],
    ['topic: a', 'intake.mqtt.topic: there is no key "topic"'],
    ['mapping: { grants: { plate: /p } }', 'intake.mqtt.mapping.grants.id: "id" is missing'],
    ['mapping: { grants: { id: /no } }', 'intake.mqtt.mapping.grants: "plate" is missing'],
    ['mapping: { grants: { id: no, plate: /p } }', 'intake.mqtt.mapping.grants.id: "no" is not a JSON pointer'],
    ['mapping: { grants: { id: /n, plate: /p, plat: /x } }', 'did you mean plate'],
    ['mapping: { lanes: { A: "0124" } }', 'intake.mqtt.mapping.lanes.A: there is no lane "0124"'],
    ['mapping: { kinds: { M: montly } }', 'did you mean monthly'],
    ['mapping: { plates: { plate: /p } }', 'intake.mqtt.mapping.plates.lane: "lane" is missing'],
  ])('{ %s } is a fault', (mqtt, fault) => {
    const faults = faultsOf(`{ ${mqtt} }`);
    expect(faults.join('\n')).toContain(fault);
    expect(faults, faults.join('\n')).toHaveLength(1);
    expect(faults.join()).not.toContain('hunter2');
  });
});

describe('publish.mqtt', () => {
  const publishOf = (mqtt: string) =>
    loadConfig(
      workshop(`${GOOD}publish: { mqtt: ${mqtt} }\n`, `${SECRETS}publish.mqtt: "${CANARY}-publish"\n`),
      kinds,
      {},
    ).publish;

  test('is off when nothing is said; a box without a name is called as its first lane', () => {
    expect(loadConfig(workshop(GOOD), kinds, {}).publish).toBeUndefined();
    const publish = publishOf(
      '{ enabled: true, url: mqtts://192.0.2.7, user: box, password: { secret: publish.mqtt } }',
    );
    expect(publish).toMatchObject({ secure: true, host: '192.0.2.7', port: 8883, box: '0123', homeAssistant: false });
    expect(publish?.password?.reveal()).toBe(`${CANARY}-publish`);
    expect(JSON.stringify(publish)).not.toContain(CANARY);
    expect(publishOf('{ enabled: true, url: mqtt://192.0.2.7, box: 南门 }')?.box).toBe('南门');
  });

  test('has another name at the broker than the intake, which would push it out', () => {
    const intake = configOf('{ enabled: true, url: mqtt://192.0.2.7, grants: a }')?.clientId;
    expect(publishOf('{ enabled: true, url: mqtt://192.0.2.7 }')?.clientId).toMatch(/^lanewarden[0-9a-f]{13}$/);
    expect(publishOf('{ enabled: true, url: mqtt://192.0.2.7 }')?.clientId).not.toBe(intake);
  });

  test.each([
    ['enabled: true', 'publish.mqtt: "url" is missing'],
    ['url: mqtt://192.0.2.7, password: { secret: publish.mqtt }', 'publish.mqtt: "user" is missing'],
    ['url: mqtt://192.0.2.7, user: a, password: { secret: nobody }', 'publish.mqtt.password.secret'],
    ['url: mqtt://192.0.2.7, box: a/b', 'publish.mqtt.box'],
    ['url: mqtt://192.0.2.7, topic: a', 'publish.mqtt.topic: there is no key "topic"'],
  ])('{ %s } is a fault', (mqtt, fault) => {
    const faults = faultsIn(() => publishOf(`{ ${mqtt} }`));
    expect(faults.map(({ path, message }) => `${path}: ${message.en}`).join()).toContain(fault);
    expect(faults).toHaveLength(1);
  });
});
