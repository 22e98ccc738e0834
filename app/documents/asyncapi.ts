import { version } from '../../package.json';
import { callNames, calls, eventOf, payloadOf, type Call } from '../schema/calls';
import { Failure, serverEvents } from '../schema/events';
import { Credentials } from './connection';
import { definitionsFor, mapValues, plain, use, type JsonSchema } from './json_schema';
import { refusalsOfEvent } from './refusals';

interface Message {
  /** Its key in the document, in which a server event is told apart from a client's of the same name. */
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly payload: JsonSchema;
}

/** The AsyncAPI 3.0 document of the namespace `/im`, from the server's side: it receives client events and sends its own. */
export function asyncapi() {
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'egg-im', version, license: { name: 'MIT' }, description: description() },
    defaultContentType: 'application/json',
    servers: { im: server() },
    channels: { im: channel() },
    operations: operations(),
  };
  const schemas = definitionsFor(document);
  return { ...document, components: { securitySchemes: securitySchemes(), schemas: withoutDiscriminators(schemas) } };
}

function description(): string {
  return [
    'Live events of egg-im over Socket.IO, namespace `/im`. `/docs` tells what a client does with them.',
    'Credentials are the `auth` of the handshake (clients of Socket.IO 3 and 4) or its query string (also 2).',
    'A connection that is refused gets `connect_error`: `message` is the code, `data` the failure.',
    'An event is answered through its ack callback: `{ ok: true, data }` or `{ ok: false, error }`.',
  ].join('\n\n');
}

function server() {
  return {
    host: 'localhost:7001',
    pathname: '/socket.io/',
    protocol: 'socket.io',
    protocolVersion: '5',
    description: 'Socket.IO protocol 5 (clients 3.x and 4.x) or 4 (clients 2.x); WebSocket or HTTP polling.',
    security: [{ $ref: '#/components/securitySchemes/token' }],
  };
}

function securitySchemes() {
  const where = 'the access token, as `token` of the handshake `auth` or of the query string';
  return { token: { type: 'httpApiKey', name: 'token', in: 'query', description: where } };
}

function channel() {
  return {
    address: '/im',
    title: 'Namespace /im',
    messages: Object.fromEntries(messages().map(({ id, ...message }) => [id, message])),
    'x-handshake-auth': use(plain(Credentials)),
    'x-connect-error': {
      type: 'object',
      required: ['message', 'data'],
      properties: { message: { type: 'string', description: 'the code' }, data: use(plain(Failure)) },
    },
  };
}

/** AsyncAPI allows no colon in ids. */
function idOf(event: string): string {
  return event.replaceAll(':', '.');
}

const served = callNames.flatMap(name => {
  const event = eventOf(name);
  return event ? [{ name, event, call: calls[name] }] : [];
});
const told = Object.entries(serverEvents).map(([event, { about, payload }]) => ({
  id: `${idOf(event)}.told`,
  event,
  about,
  payload,
}));

function messages(): Message[] {
  const sent = served.flatMap(({ event, call }) => [
    { id: idOf(event), name: event, summary: call.about, payload: use(plain(payloadOf(call))) },
    { id: `${idOf(event)}.ack`, name: `${event}.ack`, summary: `Answer to \`${event}\``, payload: ack(call) },
  ]);
  const received = told.map(({ id, event, about, payload }) => ({
    id,
    name: event,
    summary: about,
    payload: use(plain(payload)),
  }));
  return [...sent, ...received];
}

function ack({ data, paged }: Call): JsonSchema {
  const answer = (ok: boolean, name: string, schema: JsonSchema) => ({
    type: 'object',
    required: ['ok', name],
    properties: { ok: { const: ok }, [name]: schema, ...(ok && paged && { nextCursor: { type: 'string' } }) },
  });
  return { anyOf: [answer(true, 'data', use(plain(data))), answer(false, 'error', use(plain(Failure)))] };
}

function operations() {
  const channelRef = { $ref: '#/channels/im' };
  const messageRef = (id: string) => ({ $ref: `#/channels/im/messages/${id}` });
  const received = served.map(({ name, event, call }) => [
    idOf(event),
    {
      action: 'receive',
      channel: channelRef,
      summary: call.about,
      description: `May be refused with ${refusalsOfEvent(name).join(', ')}.`,
      messages: [messageRef(idOf(event))],
      reply: { channel: channelRef, messages: [messageRef(`${idOf(event)}.ack`)] },
    },
  ]);
  const sent = told.map(({ id, about }) => [
    id,
    { action: 'send', channel: channelRef, summary: about, messages: [messageRef(id)] },
  ]);
  return Object.fromEntries([...received, ...sent]) as Record<string, unknown>;
}

/** What AsyncAPI calls so is another thing; the variants' constant types tell them apart. */
function withoutDiscriminators(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return mapValues(schemas, schema => ({ ...schema, discriminator: undefined }));
}
