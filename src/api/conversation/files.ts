// Files of conversations over HTTP: what agents upload, and what was sent and received, for those who may read the conversation.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { attachmentQuery, attachmentTaken } from '../../contract/conversation/attachment.js';
import { sandboxAttachment } from '../../contract/sandbox.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import { chatFileRoutes } from '../chat/files.js';
import type { ChatServices } from '../chat/services.js';
import type { ApiLimits } from '../limits.js';
import type { ApiServices } from '../services.js';
import { download, FILE_ANSWER, streamOf } from './file-stream.js';
import { type ConversationServices, conversationId, readable, tags } from './routes.js';
import { fileView, messagesOf } from './view.js';

const id = z.string().min(1).max(64);

type Services = ConversationServices & Pick<ApiServices, 'sandbox'> & ChatServices;

/** In a scope of its own: bodies are files here. */
export function fileRoutes(api: Api, services: Services, limits: ApiLimits): void {
  api.removeAllContentTypeParsers();
  // Handed on as it arrives: whoever takes it counts the bytes.
  api.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  conversationFiles(api, services);
  sandboxFiles(api, services);
  chatFileRoutes(api, services, limits);
}

function conversationFiles(api: Api, services: Services): void {
  const { conversationDesk, files } = services.conversations;

  api.post(
    '/api/conversations/:id/attachments',
    rule(
      'agent',
      {
        tags,
        summary: 'Upload a file for the customer',
        description:
          'The body is the file itself (`application/octet-stream`). What it is, is told by what is in it; send it then with a message. ' +
          'Kept for a day when it is not sent.',
        params: z.object({ id: conversationId }),
        querystring: attachmentQuery,
        response: { 201: attachmentTaken },
      },
      ['not-found', 'not-allowed', 'wrong-state', 'too-large', 'unsupported-media-type'],
    ),
    async (request, reply) => {
      const conversation = request.params.id;
      const kept = await conversationDesk.upload(
        conversation,
        request.query.name,
        streamOf(request.body),
        userOf(request).name,
      );
      const { url: _unsent, ...attachment } = fileView({ ...kept, state: 'ready' }, conversation);
      return reply.code(201).send({ attachment });
    },
  );

  api.get(
    '/api/conversations/:id/attachments/:attachment',
    rule(
      'agent',
      {
        tags,
        summary: 'A file of a conversation',
        description: 'For whoever may read the conversation; never shown as a page of ours.',
        params: z.object({ id: conversationId, attachment: id }),
        response: FILE_ANSWER,
      },
      ['not-found', 'not-allowed', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { thread } = await readable(services, request.params.id, userOf(request));
      const all = messagesOf(thread.state).flatMap(({ attachments = [] }) => attachments);
      const wanted = all.find((one) => one.id === request.params.attachment);
      if (wanted?.state !== 'ready') throw new HiloError('not-found', 'there is no such file in this conversation');
      const found = await files.find(wanted.id);
      if (found === undefined) throw new HiloError('not-found', 'the file is not kept here');
      return download(reply, { ...wanted, ...found });
    },
  );
}

function sandboxFiles(api: Api, services: Services): void {
  const sandbox = () => {
    if (services.sandbox === undefined) throw new HiloError('not-found', 'the sandbox is no channel of this centre');
    return services.sandbox;
  };

  api.post(
    '/api/sandbox/attachments',
    rule(
      'sandbox',
      {
        tags: ['sandbox'],
        summary: 'Send Hilo a file as a customer',
        description: 'The body is the file itself (`application/octet-stream`).',
        querystring: sandboxAttachment,
        response: { 204: z.null() },
      },
      ['not-found', 'too-large', 'unsupported-media-type', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { from, name, text = '' } = request.query;
      const kept = await sandbox().keep(name, streamOf(request.body));
      await sandbox().write(from, text, kept);
      return reply.code(204).send(null);
    },
  );

  api.get(
    '/api/sandbox/attachments/:id',
    rule(
      'sandbox',
      {
        tags: ['sandbox'],
        summary: 'A file of the sandbox, as the customer gets it',
        params: z.object({ id }),
        response: FILE_ANSWER,
      },
      ['not-found'],
    ),
    async (request, reply) => {
      const found = await sandbox().file(request.params.id);
      if (found === undefined) throw new HiloError('not-found', 'the sandbox has no such file');
      return download(reply, found);
    },
  );
}
