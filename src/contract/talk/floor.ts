// What supervisors do on the floor, on the wire: those who wait, and notices to everybody.
import { z } from 'zod';
import { name, time } from '../wire.js';

const MAX_NOTICE_CHARS = 300;
const MAX_NOTICE_MINUTES = 24 * 60;

export const placeChange = z
  .strictObject({
    priority: z.int().min(0).max(9).optional().describe('0 (most urgent) to 9.'),
    queue: name.optional().describe('Another queue, for a caller: the time since which they have waited stays.'),
  })
  .refine(({ priority, queue }) => (priority === undefined) !== (queue === undefined), 'a priority, or a queue');

export const noticeWish = z.strictObject({
  text: z.string().trim().min(1).max(MAX_NOTICE_CHARS),
  minutes: z.int().min(1).max(MAX_NOTICE_MINUTES).default(60).describe('So long it is shown.'),
});

export const notice = z
  .object({ id: z.string(), text: z.string(), by: z.string(), since: time, until: time })
  .meta({ id: 'Notice', description: 'Told to everybody who is signed in.' });
export type WireNotice = z.infer<typeof notice>;

export const noticeList = z.object({ notices: z.array(notice) });
