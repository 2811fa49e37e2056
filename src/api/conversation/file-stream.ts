// Files over HTTP: a body that is the file itself, and an answer that is a download whatever is in it.
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { HiloError } from '../../app/errors.js';

export const FILE_ANSWER = {
  200: { description: 'The file, as a download.', content: { 'application/octet-stream': { schema: z.unknown() } } },
};

export function streamOf(body: unknown): AsyncIterable<Uint8Array> {
  if (body instanceof Readable) return body;
  throw new HiloError('invalid-input', 'the body is the file itself');
}

/** Whatever is in it, a browser runs nothing of it: not as a page, not as another type, not in our name. */
export function download(
  reply: FastifyReply,
  { path, bytes, name, type }: { path: string; bytes: number; name: string; type: string },
): FastifyReply {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%;]/g, '_');
  return reply
    .type(type)
    .header('content-length', bytes)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('content-disposition', `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(createReadStream(path));
}
