// Files of the chat over HTTP: what a visitor sends along, and what the centre has sent to this visitor.
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';
import { chatUpload, chatUploaded } from '../../contract/chat/chat.js';
import { CHAT_FILES_PATH } from '../../contract/chat/link.js';
import { rule } from '../access.js';
import type { Api } from '../api.js';
import { download, FILE_ANSWER, streamOf } from '../conversation/file-stream.js';
import type { ApiLimits } from '../limits.js';
import { ofAddress } from './routes.js';
import { type ChatServices, chatOf, tags, visitorToken } from './services.js';

/** Among routes whose bodies are files. */
export function chatFileRoutes(api: Api, services: ChatServices, limits: ApiLimits): void {
  const { config, schema } = rule(
    'open',
    {
      tags,
      summary: 'Upload a file as a visitor',
      description:
        'The body is the file itself (`application/octet-stream`). What it is, is told by what is in it; send it then with a message.',
      querystring: chatUpload,
      response: { 201: chatUploaded },
    },
    ['not-found', 'not-allowed', 'wrong-state', 'too-large', 'unsupported-media-type', 'too-many-requests'],
  );
  const rateLimit = { max: limits.chatFiles, timeWindow: limits.formsWindowMs, keyGenerator: ofAddress('chat-file') };
  api.post(CHAT_FILES_PATH, { config: { ...config, rateLimit }, schema }, async (request, reply) => {
    const { door } = chatOf(services);
    const token = visitorToken(request);
    await door.greet(token, request.ip);
    const file = await door.keep(token, request.query.name, streamOf(request.body));
    return reply.code(201).send({ file: { ...file } });
  });

  api.get(
    `${CHAT_FILES_PATH}/:id`,
    rule(
      'open',
      {
        tags,
        summary: 'A file that the centre sent to this visitor',
        params: z.object({ id: z.string().min(1).max(64) }),
        response: FILE_ANSWER,
      },
      ['not-found', 'invalid-input', 'not-allowed', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { door } = chatOf(services);
      const sent = await door.file(visitorToken(request), request.params.id);
      const found = sent && (await services.conversations.files.find(sent.id));
      if (sent === undefined || found === undefined) throw new HiloError('not-found', 'no such file was sent to you');
      return download(reply, { ...sent, ...found });
    },
  );
}
