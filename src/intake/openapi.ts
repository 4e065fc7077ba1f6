/** The intake's description for programs (OpenAPI 3.1), from the schemas that check the messages. */
import { z } from 'zod';
import { PROBLEM_STATUS, type ProblemCode } from '../http/problem.ts';
import { apiText, problemText } from '../text/intake.ts';
import { grantSchema } from './grants.ts';

import { readSchema } from './reads.ts';
import { BATCH_MAX } from './receive.ts';

const SCHEMAS = '#/components/schemas';
const both = ({ zh, en }: { readonly zh: string; readonly en: string }): string => `${zh} ${en}`;

/** Those that the intake answers with. */
const CODES = Object.keys(problemText) as readonly ProblemCode[];

/** `version`: of the program. */
export function intakeOpenApi(version: string): object {
  const { $schema: _grant, ...Grant } = z.toJSONSchema(grantSchema, { io: 'input' });
  const { $schema: _read, ...PlateRead } = z.toJSONSchema(readSchema, { io: 'input' });
  return {
    openapi: '3.1.0',
    info: { title: 'lanewarden', version, description: both(apiText.description) },
    paths: {
      '/api/v1/grants': { post: operation('postGrants', apiText.grants, ['Grant', 'PlatformMessage']) },
      '/api/v1/plates': { post: operation('postPlates', apiText.plates, ['PlateRead']) },
    },
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Grant, PlateRead, PlatformMessage: PLATFORM_MESSAGE, Receipt: RECEIPT, Problem: PROBLEM },
    },
  };
}

function operation(
  operationId: string,
  summary: { readonly zh: string; readonly en: string },
  names: readonly string[],
) {
  const one = names.map((name) => ({ $ref: `${SCHEMAS}/${name}` }));
  const batch = { type: 'array', minItems: 1, maxItems: BATCH_MAX, items: { anyOf: one } };
  const receipt = { $ref: `${SCHEMAS}/Receipt` };
  const results = { type: 'object', required: ['results'], properties: { results: { type: 'array', items: receipt } } };
  return {
    operationId,
    summary: both(summary),
    security: [{ token: [] }],
    requestBody: { required: true, content: { 'application/json': { schema: { anyOf: [...one, batch] } } } },
    responses: {
      202: {
        description: both(apiText.accepted),
        content: { 'application/json': { schema: { oneOf: [receipt, results] } } },
      },
      ...Object.fromEntries(
        [...new Set(CODES.map((code) => PROBLEM_STATUS[code]))].map((status) => [
          status,
          {
            description: codesOf(status).join(', '),
            content: { 'application/problem+json': { schema: { $ref: `${SCHEMAS}/Problem` } } },
          },
        ]),
      ),
    },
  };
}

function codesOf(status: number): readonly string[] {
  return CODES.filter((code) => PROBLEM_STATUS[code] === status);
}

const RECEIPT = {
  type: 'object',
  required: ['status'],
  properties: {
    id: { type: 'string' },
    status: { enum: ['accepted', 'duplicate', 'ignored', 'expired'], description: both(apiText.status) },
    reason: { type: 'string', description: both(apiText.reason) },
    expiredAt: { type: 'string', format: 'date-time', description: both(apiText.expiredAt) },
    receivedAt: { type: 'string', format: 'date-time', description: both(apiText.receivedAt) },
  },
};

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { enum: CODES },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

const PLATFORM_MESSAGE = {
  type: 'object',
  required: ['service'],
  properties: {
    service: { enum: ['service.parking.payment.result', 'service.parking.gate.control'] },
    park_uuid: { type: 'string' },
    gate_id: { type: 'string' },
    plate: { type: 'string' },
    parking_order: { type: 'string' },
    pay_time: { type: 'string', pattern: '^[0-9]{14}$' },
    status: { enum: ['OPEN', 'CLOSE', 'KEEP_OPEN'] },
  },
};
