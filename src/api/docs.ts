// The OpenAPI document, made of the schemas and declarations of the routes, and the page that shows it at /docs.
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { ERRORS, type ErrorCode } from '../app/errors.js';
import type { Declaration } from './access.js';
import { PROBLEM_TYPE } from './problem.js';

export const DOCS_PATH = '/docs';

/** Carries the declared errors of a route from the one hook of the generator to the other. */
const ERRORS_KEY = 'x-hilo-errors';
const EVERYWHERE: readonly ErrorCode[] = ['too-many-requests', 'internal-error'];
const WITH_BODY: readonly ErrorCode[] = ['invalid-input', 'too-large', 'unsupported-media-type'];

interface Operation {
  [ERRORS_KEY]?: readonly ErrorCode[];
  responses: Record<string, object>;
}

/** Register before the routes. */
export async function openDocs(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Hilo',
        version: '1',
        description:
          'Contact centre server. Sign in at `/api/sign-in` and send the token as `Authorization: Bearer …`. ' +
          'Every refusal is a problem document (RFC 9457) whose `code` is stable.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    transform: (route) => {
      const { url, schema } = jsonSchemaTransform(route);
      const declaration = route.route.config?.declaration;
      if (declaration === undefined) return { url, schema };
      const described = {
        ...schema,
        description: [schema.description, accessText(declaration)].filter((text) => text !== undefined).join('\n\n'),
        security: declaration.access === 'open' ? [] : [{ token: [] }],
        [ERRORS_KEY]: errorsOf(declaration, schema.body !== undefined),
      };
      return { url, schema: described };
    },
    transformObject: (document) => withProblems(answersOnly(jsonSchemaTransformObject(document))),
  });
  await app.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    staticCSP: true,
    // Plain HTTP until something in front of it speaks TLS; and nothing from anywhere else.
    transformStaticCSP: (header) =>
      header.replace(/upgrade-insecure-requests;?/, '').replaceAll(/ (?:https:|validator\.swagger\.io)/g, ''),
    // The page asks nobody else about our documents.
    uiConfig: { validatorUrl: null },
  });
}

function accessText({ access }: Declaration): string | undefined {
  if (access === 'open') return undefined;
  if (access === 'form') return 'Takes strangers too, within narrow limits.';
  if (access === 'sandbox')
    return 'Takes a supervisor, unless the sandbox is the channel and one asks on this machine.';
  if (access === 'visitor')
    return 'Takes whoever asks on this machine while the sandbox is the channel, and nobody else.';
  return `Takes the role ${access} or a higher one.`;
}

function errorsOf({ access, errors }: Declaration, hasBody: boolean): readonly ErrorCode[] {
  const ofAccess: ErrorCode[] = access === 'open' ? [] : ['not-signed-in', 'not-allowed', 'store-unavailable'];
  return [...new Set([...errors, ...ofAccess, ...(hasBody ? WITH_BODY : []), ...EVERYWHERE])];
}

/** Every named schema comes twice, as input and as answer; what is sent to us has no names. */
function answersOnly<D extends object>(document: D): D {
  const { schemas = {} } = (document as { components?: { schemas?: Record<string, object> } }).components ?? {};
  for (const name of Object.keys(schemas)) if (name.endsWith('Input')) delete schemas[name];
  return document;
}

/** Puts the problem documents among the responses, one per status, with the codes that it may have. */
function withProblems<D extends object>(document: D): D {
  const { paths = {} } = document as { paths?: Record<string, Record<string, Operation>> };
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    const codes = operation[ERRORS_KEY] ?? [];
    delete operation[ERRORS_KEY];
    for (const status of new Set(codes.map((code) => ERRORS[code].http))) {
      operation.responses[status] = problemResponse(codes.filter((code) => ERRORS[code].http === status));
    }
  }
  return document;
}

function problemResponse(codes: readonly ErrorCode[]): object {
  return {
    description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join('; '),
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}
