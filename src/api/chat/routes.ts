// The chat of a visitor over HTTP: how it greets, messages, the wish to be called. What comes back is told on the WebSocket.
import type { FastifyRequest } from 'fastify';
import type { ChatOpening } from '../../app/chat/chat-matters.js';
import {
  chatCallBack,
  chatMessage,
  chatPromised,
  chatQuery,
  chatSettings,
  chatTaken,
} from '../../contract/chat/chat.js';
import { CHAT_CALL_BACK_PATH, CHAT_MESSAGES_PATH, CHAT_PATH } from '../../contract/chat/link.js';
import { FILE_BYTES_MAX, FILE_KINDS } from '../../core/interaction/conversation/file-type.js';
import { writtenChannel } from '../../core/interaction/conversation/written-channel.js';
import type { Writer } from '../../core/interaction/event.js';
import type { Centre } from '../../core/routing/centre.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import type { ApiLimits } from '../limits.js';
import { iso } from '../view/time.js';
import { type Chat, type ChatServices, chatOf, rulesOf, tags, visitorToken } from './services.js';

const VISITOR =
  'With `Authorization: Bearer` and the visitor’s token: 32 bytes of chance in base64url, made by the page.';
/** Four bytes for each character, and what is around them. */
const MESSAGE_BYTES = 20 * 1024;
const FORM_BYTES = 1_024;

export function chatRoutes(api: Api, services: ChatServices, limits: ApiLimits): void {
  api.get(
    CHAT_PATH,
    rule('open', { tags, summary: 'How the chat greets', querystring: chatQuery, response: { 200: chatSettings } }, [
      'not-found',
      'invalid-input',
    ]),
    async ({ query }) => {
      const { greeting, ask, callBack } = rulesOf(services);
      const { matters } = chatOf(services);
      const centre = services.centre();
      const language = languageOf(query.language, centre);
      return {
        ...{ language, greeting: greeting[language] ?? '', centre: centre.name, ask: [...ask], callBack },
        opening: openingView(matters.opening()),
        textChars: writtenChannel('chat')?.textChars ?? 0,
        files: { bytes: FILE_BYTES_MAX, types: Object.keys(FILE_KINDS) },
      };
    },
  );
  messageRoute(api, services, limits);
  callBackRoute(api, services, limits);
}

function messageRoute(api: Api, services: ChatServices, limits: ApiLimits): void {
  const { config, schema } = rule(
    'open',
    {
      tags,
      summary: 'Write as a visitor',
      description: `${VISITOR} Stored when it is answered; the same \`id\` again is the same message.`,
      body: chatMessage,
      response: { 201: chatTaken },
    },
    ['not-found', 'invalid-input', 'not-allowed', 'too-many-requests', 'store-unavailable'],
  );
  const rateLimit = { max: limits.chatMessages, timeWindow: limits.chatWindowMs, keyGenerator: ofAddress('chat') };
  api.post(
    CHAT_MESSAGES_PATH,
    { config: { ...config, rateLimit }, schema, bodyLimit: MESSAGE_BYTES },
    async (request, reply) => {
      const { door, matters } = chatOf(services);
      const token = visitorToken(request);
      const { id, text, file, ...said } = request.body;
      const writer = writerOf(said, matters, services.centre());
      const number = await door.write(token, {
        ...{ id, text, from: request.ip },
        ...(file === undefined ? {} : { file }),
        ...(writer === undefined ? {} : { writer }),
      });
      return reply.code(201).send({ number });
    },
  );
}

function callBackRoute(api: Api, services: ChatServices, limits: ApiLimits): void {
  const { config, schema } = rule(
    'open',
    {
      tags,
      summary: 'Ask to be called, as a visitor',
      description: `${VISITOR} In the same matter as what they write; promised when it is answered.`,
      body: chatCallBack,
      response: { 201: chatPromised },
    },
    ['not-found', 'invalid-input', 'not-allowed', 'wrong-state', 'too-many-requests', 'store-unavailable'],
  );
  const rateLimit = { max: limits.forms, timeWindow: limits.formsWindowMs, keyGenerator: ofAddress('chat-call') };
  api.post(
    CHAT_CALL_BACK_PATH,
    { config: { ...config, rateLimit }, schema, bodyLimit: FORM_BYTES },
    async (request, reply) => {
      const { door, matters } = chatOf(services);
      const token = visitorToken(request);
      const number = matters.callable(request.body.number);
      await door.greet(token, request.ip);
      await matters.callMe(door.addressOf(token), number);
      return reply.code(201).send({ promised: true });
    },
  );
}

export function ofAddress(what: string): (request: FastifyRequest) => string {
  return (request) => `${what} ${request.ip}`;
}

export function openingView(opening: ChatOpening): { open: boolean; opensAt?: string } {
  if (opening.open || opening.opensAtMs === undefined) return { open: opening.open };
  return { open: false, opensAt: iso(opening.opensAtMs) };
}

function languageOf(wanted: string | undefined, { languages, defaultLanguage }: Centre): string {
  const short = wanted?.slice(0, 2).toLowerCase();
  return languages.find((one) => one === wanted || one === short) ?? defaultLanguage;
}

/** Throws HiloError `not-allowed` for a number that may not be called. */
function writerOf(
  { name, number, language }: { name?: string | undefined; number?: string | undefined; language?: string | undefined },
  matters: Pick<Chat['matters'], 'callable'>,
  centre: Centre,
): Writer | undefined {
  const writer: Writer = {
    ...(name === undefined ? {} : { name }),
    ...(number === undefined ? {} : { number: matters.callable(number) }),
    ...(language === undefined ? {} : { language: languageOf(language, centre) }),
  };
  return Object.keys(writer).length === 0 ? undefined : writer;
}
