// Notices that supervisors send to everybody who is signed in.
import { z } from 'zod';
import type { Notice } from '../../app/supervision/notices.js';
import { noticeList, noticeWish, notice as shown, type WireNotice } from '../../contract/talk/floor.js';
import { rule, userOf } from '../access.js';
import type { Api } from '../api.js';
import type { ApiServices } from '../services.js';
import { iso } from '../view/time.js';

const tags = ['supervision'];
const URL = '/api/notices';
const MINUTE_MS = 60_000;

export function noticeRoutes(api: Api, { notices, audit }: Pick<ApiServices, 'notices' | 'audit'>): void {
  api.get(
    URL,
    rule('agent', { tags, summary: 'Notices that are shown now, oldest first', response: { 200: noticeList } }),
    async () => ({ notices: notices.present().map(noticeView) }),
  );

  api.post(
    URL,
    rule(
      'supervisor',
      {
        tags,
        summary: 'Tell something to everybody who is signed in',
        body: noticeWish,
        response: { 201: shown },
      },
      ['wrong-state', 'store-unavailable'],
    ),
    async (request, reply) => {
      const { text, minutes } = request.body;
      const by = userOf(request).name;
      await audit.note({ by, act: 'notice-sent', on: 'everybody', detail: { minutes } });
      return reply.code(201).send(noticeView(await notices.send(text, minutes * MINUTE_MS, by)));
    },
  );

  api.delete(
    `${URL}/:id`,
    rule(
      'supervisor',
      {
        tags,
        summary: 'Take a notice back',
        params: z.object({ id: z.string().max(64) }),
        response: { 204: z.null() },
      },
      ['not-found', 'store-unavailable'],
    ),
    async (request, reply) => {
      await audit.note({ by: userOf(request).name, act: 'notice-taken-back', on: request.params.id });
      await notices.takeBack(request.params.id);
      return reply.code(204).send(null);
    },
  );
}

export function noticeView({ id, text, by, atMs, untilMs }: Notice): WireNotice {
  return { id, text, by, since: iso(atMs), until: iso(untilMs) };
}
