/** What the descriptions (OpenAPI 3.1) of both servers share: the frame, the schema of a body, problem details. It knows no route. */
import { z } from 'zod';
import { PROBLEM_STATUS, type ProblemCode } from './problem.ts';

const CODES = Object.keys(PROBLEM_STATUS) as readonly ProblemCode[];
const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

export interface OpenApiParts {
  /** Of the program. */
  readonly version: string;
  readonly description: string;
  /** Where this box was asked. */
  readonly servers: readonly { readonly url: string }[];
  readonly paths: object;
  readonly securitySchemes: object;
  /** Beside `Problem`. */
  readonly schemas?: object;
  /** Codes this server answers with; all when left out. */
  readonly codes?: readonly ProblemCode[];
}

export function openApiDocument({ version, description, servers, paths, schemas, ...parts }: OpenApiParts): object {
  return {
    openapi: '3.1.0',
    info: { title: 'lanewarden', version, description },
    servers,
    paths,
    components: {
      securitySchemes: parts.securitySchemes,
      schemas: { ...schemas, Problem: problemSchema(parts.codes ?? CODES) },
    },
  };
}

/** Made once: all of them take longer than the lanes may wait for anyone who asks. */
const bodySchemas = new WeakMap<z.ZodType, object>();

/** The JSON Schema of a body, without its dialect. */
export function bodySchema(schema: z.ZodType): object {
  const made = bodySchemas.get(schema);
  if (made !== undefined) return made;
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  bodySchemas.set(schema, json);
  return json;
}

/** Any problem. */
export const defaultProblem = { description: 'Problem', content: PROBLEM_CONTENT } as const;

/** A response for each status of these codes. */
export function problemResponses(codes: readonly ProblemCode[]): object {
  const statuses = new Set(codes.map((code) => PROBLEM_STATUS[code]));
  const named = (status: number) => codes.filter((code) => PROBLEM_STATUS[code] === status).join(', ');
  return Object.fromEntries(
    [...statuses].map((status) => [status, { description: named(status), content: PROBLEM_CONTENT }]),
  );
}

function problemSchema(codes: readonly ProblemCode[]): object {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'detail'],
    properties: {
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { enum: codes },
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
}
