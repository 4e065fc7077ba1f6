/** The intake's description for programs (OpenAPI 3.1), from the schemas that check the messages. */
import { bodySchema, openApiDocument, problemResponses } from '../http/openapi.ts';
import { curlOf, type OwnAddress } from '../http/own-address.ts';
import type { ProblemCode } from '../http/problem.ts';
import { apiText, problemText } from '../text/intake.ts';
import type { Text } from '../text/text.ts';
import { GRANT_STATUSES } from './grant-fate.ts';
import { grantSchema } from './grants.ts';
import { chargeSchema } from './park/charges.ts';
import { entrySchema, shiftSchema, vehicleSchema } from './park/park-messages.ts';
import { readSchema } from './plate-reads.ts';
import { BATCH_MAX } from './receive.ts';

const SCHEMAS = '#/components/schemas';
const both = ({ zh, en }: { readonly zh: string; readonly en: string }): string => `${zh} ${en}`;

/** Codes that the intake answers with. */
const CODES = Object.keys(problemText) as readonly ProblemCode[];

/** `version`: of the program. `address`: where it was asked. */
export function intakeOpenApi(version: string, address: OwnAddress): object {
  const operation = operationAt(address);
  return openApiDocument({
    version,
    description: both(apiText.description),
    servers: [{ url: address.origin }],
    paths: {
      '/api/v1/grants': {
        get: reading('getGrants', apiText.paymentSheet, 'PaymentSheet', [parameter('day', 'query')]),
        post: operation('postGrants', apiText.grants, ['Grant', 'PlatformMessage']),
      },
      '/api/v1/grants/{id}': { get: reading('getGrant', apiText.grantFate, 'GrantFate', [parameter('id', 'path')]) },
      '/api/v1/plates': { post: operation('postPlates', apiText.plates, ['PlateRead']) },
      '/api/v1/entries': { post: operation('postEntries', apiText.entries, ['Entry', 'PlatformEntry']) },
      '/api/v1/charges': { post: operation('postCharges', apiText.charges, ['Charge', 'PlatformBilling']) },
      '/api/v1/vehicles': { post: operation('postVehicles', apiText.vehicles, ['Vehicle']) },
      '/api/v1/shifts': { post: operation('postShifts', apiText.shifts, ['Shift']) },
      '/api/v1/systems/{name}': { post: SYSTEM_OPERATION },
    },
    securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    schemas: {
      Grant: bodySchema(grantSchema),
      PlateRead: bodySchema(readSchema),
      PlatformMessage: PLATFORM_MESSAGE,
      Entry: bodySchema(entrySchema),
      Charge: bodySchema(chargeSchema),
      Vehicle: bodySchema(vehicleSchema),
      Shift: bodySchema(shiftSchema),
      PlatformEntry: PLATFORM_ENTRY,
      PlatformBilling: PLATFORM_BILLING,
      Receipt: RECEIPT,
      GrantFate: GRANT_FATE,
      PaymentSheet: PAYMENT_SHEET,
    },
    codes: CODES,
  });
}

const operationAt = (address: OwnAddress) => (operationId: string, summary: Text, names: readonly string[]) => {
  const path = `/api/v1/${operationId.slice('post'.length).toLowerCase()}`;
  const example = EXAMPLES[path];
  const one = names.map((name) => ({ $ref: `${SCHEMAS}/${name}` }));
  const batch = { type: 'array', minItems: 1, maxItems: BATCH_MAX, items: { anyOf: one } };
  const receipt = { $ref: `${SCHEMAS}/Receipt` };
  const results = { type: 'object', required: ['results'], properties: { results: { type: 'array', items: receipt } } };
  return {
    operationId,
    summary: both(summary),
    security: [{ token: [] }],
    requestBody: { required: true, content: { 'application/json': { schema: { anyOf: [...one, batch] }, example } } },
    responses: {
      202: {
        description: both(apiText.accepted),
        content: { 'application/json': { schema: { oneOf: [receipt, results] } } },
      },
      ...problemResponses(CODES),
    },
    'x-codeSamples': [
      { lang: 'Shell', label: 'curl', source: curlOf(address, { method: 'POST', path, as: 'token', body: example }) },
    ],
  };
};

/** Request and answer are the profile's own. */
const SYSTEM_OPERATION = {
  operationId: 'postSystem',
  summary: both(apiText.systems),
  security: [],
  parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
  requestBody: { required: true, content: { '*/*': {} } },
  responses: { default: { description: both(apiText.systemAnswer) } },
};

const parameter = (name: string, where: 'path' | 'query') => ({
  ...{ name, in: where, required: true, schema: { type: 'string' }, example: READ_EXAMPLES[name] },
});

const READ_EXAMPLES: Readonly<Record<string, string>> = { id: '20261124-0001', day: '2026-11-24' };

const reading = (operationId: string, summary: Text, answer: string, parameters: readonly object[]) => ({
  operationId,
  summary: both(summary),
  security: [{ token: [] }],
  parameters,
  responses: {
    200: {
      description: both(summary),
      content: { 'application/json': { schema: { $ref: `${SCHEMAS}/${answer}` } } },
    },
    ...problemResponses(CODES),
  },
});

const TEXT = { type: 'string' };
const TIME = { ...TEXT, format: 'date-time' };
const NUMBER = { type: 'integer' };

const PLATE = { plate: '粤B12345' };
const EXAMPLES: Readonly<Record<string, object>> = {
  '/api/v1/grants': { id: '20261124-0001', ...PLATE, kind: 'paid' },
  '/api/v1/plates': { ...PLATE, lane: '1001' },
  '/api/v1/entries': { id: '20261124-0002', ...PLATE, at: '2026-11-24T08:00:00+08:00' },
  '/api/v1/charges': { id: '20261124-0003', ...PLATE, amount: 1500 },
  '/api/v1/vehicles': { ...PLATE, kind: 'season' },
  '/api/v1/shifts': { id: '20261124-0004', operator: '张三', on: true },
};

const RECEIPT = {
  type: 'object',
  required: ['status'],
  properties: {
    id: TEXT,
    status: { enum: ['accepted', 'duplicate', 'ignored', 'expired'], description: both(apiText.status) },
    reason: { ...TEXT, description: both(apiText.reason) },
    warning: { ...TEXT, description: both(apiText.warning) },
    expiredAt: { ...TIME, description: both(apiText.expiredAt) },
    receivedAt: { ...TIME, description: both(apiText.receivedAt) },
  },
};

const GRANT_FATE = {
  type: 'object',
  required: ['id', 'status', 'why', 'sender', 'count', 'left', 'toldAt', 'uses'],
  properties: {
    ...{ id: TEXT, status: { enum: GRANT_STATUSES }, why: TEXT, sender: TEXT, till: TEXT, lane: TEXT, plate: TEXT },
    ...{ amount: NUMBER, count: NUMBER, left: NUMBER, toldAt: TIME, endedAt: TIME },
    uses: {
      type: 'array',
      items: { type: 'object', required: ['lane', 'way', 'at'], properties: { lane: TEXT, way: TEXT, at: TIME } },
    },
  },
};

const PAYMENT_SUM = { type: 'object', required: ['count', 'amount'], properties: { count: NUMBER, amount: NUMBER } };

const PAYMENT_SHEET = {
  type: 'object',
  required: ['day', 'lines', 'notCounted', 'moreNotCounted'],
  properties: {
    day: TEXT,
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['sender', 'told', 'by'],
        properties: {
          ...{ sender: TEXT, till: TEXT, told: PAYMENT_SUM },
          by: { type: 'object', properties: Object.fromEntries(GRANT_STATUSES.map((status) => [status, PAYMENT_SUM])) },
        },
      },
    },
    notCounted: { type: 'array', items: { $ref: `${SCHEMAS}/GrantFate` } },
    moreNotCounted: NUMBER,
  },
};

const PLATFORM_MESSAGE = {
  type: 'object',
  required: ['service'],
  properties: {
    service: { enum: ['service.parking.payment.result', 'service.parking.gate.control'] },
    ...{ park_uuid: TEXT, gate_id: TEXT, plate: TEXT, parking_order: TEXT },
    pay_time: { ...TEXT, pattern: '^[0-9]{14}$' },
    status: { enum: ['OPEN', 'CLOSE', 'KEEP_OPEN'] },
  },
};

const PLATFORM_ENTRY = {
  type: 'object',
  required: ['park_uuid'],
  properties: {
    service: { enum: ['service.parking.direct.enter'] },
    ...{ park_uuid: TEXT, gate_id: TEXT, plate: TEXT, parking_serial: TEXT, enter_time: TEXT, car_desc: TEXT },
    car_type: { ...TEXT, pattern: '^[0-4]$' },
  },
};

/** The answer of the management system, as it gave it. */
const PLATFORM_BILLING = {
  type: 'object',
  required: ['parking_order', 'pay_value'],
  properties: {
    service: { enum: ['service.parking.payment.billing'] },
    ...{ park_uuid: TEXT, plate: TEXT, parking_order: TEXT, result_code: TEXT },
    pay_value: { ...TEXT, pattern: '^[0-9]{1,8}$' },
  },
};
