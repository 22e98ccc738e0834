import { Type } from '@sinclair/typebox';
import { version } from '../../package.json';
import { ERRORS, type ErrorCode } from '../schema/errors';
import { Failure } from '../schema/events';
import { Closed, Zone } from '../schema/common';
import { callNames, calls, type Call, type CallName } from '../schema/calls';
import { definitionsFor, plain, use, type JsonSchema } from './json_schema';
import { refusalsOfCall, sentenceOf } from './refusals';
import { limits } from './settings';

/** The OpenAPI 3.1 document of the REST calls. */
export function openapi() {
  const document = {
    openapi: '3.1.0',
    info: { title: 'egg-im', version, license: { name: 'MIT', identifier: 'MIT' }, description: description() },
    servers: [{ url: '/api/v1', description: 'this server' }],
    security: [{ token: [] }],
    tags: [...new Set(names().map(tagOf))].map(name => ({ name })),
    paths: paths(),
  };
  const securitySchemes = {
    token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'the access token of a session' },
    admin: { type: 'http', scheme: 'bearer', description: 'the admin token of the settings' },
  };
  return { ...document, components: { securitySchemes, schemas: definitionsFor(document) } };
}

function description(): string {
  return [
    'REST calls of egg-im. `/docs` tells how they belong together with the live events of `/api/asyncapi.json`.',
    'A property that is not described is refused. Sentences in failures are in the language of `?lang=` or `Accept-Language`.',
    'Limits, as they are unless the server is configured otherwise:',
    limits.map(({ name, value, about }) => `- \`${name}\` = ${value}: ${about}`).join('\n'),
  ].join('\n\n');
}

function names(): CallName[] {
  return callNames.filter(name => (calls[name] as Call).method);
}

function tagOf(name: CallName): string {
  return name.split('.')[0];
}

function paths(): Record<string, Record<string, unknown>> {
  const result: Record<string, Record<string, unknown>> = {};
  for (const name of names()) {
    const { method = 'get', path = '' }: Call = calls[name];
    (result[path.replace(/:(\w+)/g, '{$1}')] ??= {})[method] = operation(name);
  }
  return result;
}

function operation(name: CallName) {
  const { about, access = 'token', params, query, body, upload }: Call = calls[name];
  const parameters = [
    ...(params ? parametersOf('path', params) : []),
    ...(query ? parametersOf('query', query) : []),
    ...parametersOf('header', headers),
  ];
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: about,
    ...(access !== 'token' && { security: access === 'admin' ? [{ admin: [] }] : [] }),
    parameters,
    ...(body && { requestBody: { required: true, content: json(use(plain(body))) } }),
    ...(upload && { requestBody: { required: true, content: { 'multipart/form-data': { schema: form } } } }),
    responses: { 200: { description: 'Done', content: json(success(calls[name])) }, ...failures(name) },
  };
}

const form: JsonSchema = {
  type: 'object',
  required: ['file'],
  properties: { file: { type: 'string', format: 'binary' } },
};

/** Every call takes it. */
const headers = Closed({ 'Time-Zone': Type.Optional(Zone) });

function parametersOf(place: 'path' | 'query' | 'header', schema: NonNullable<Call['query']>) {
  const { properties = {}, required = [] } = plain(schema);
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description && { description }),
    schema: use(property),
  }));
}

function success({ data, paged }: Call): JsonSchema {
  const nextCursor = { type: 'string', description: '`cursor` of the next page; absent on the last' };
  return {
    type: 'object',
    required: ['data'],
    properties: { data: use(plain(data)), ...(paged && { nextCursor }) },
  };
}

function failures(name: CallName) {
  const codes = refusalsOfCall(name);
  const statusOf = (code: ErrorCode) => ERRORS[code].status;
  return Object.fromEntries(
    codes.map(code => [statusOf(code), failure(codes.filter(each => statusOf(each) === statusOf(code)))]),
  );
}

function failure(codes: readonly ErrorCode[]) {
  return {
    description: codes.map(code => `\`${code}\`: ${sentenceOf(code)}`).join('\n\n'),
    content: json({ type: 'object', required: ['error'], properties: { error: use(plain(Failure)) } }),
  };
}

function json(schema: JsonSchema) {
  return { 'application/json': { schema } };
}
