// What a queue says to one who waits: the position, the estimated wait, and the announcements of the centre.
import type { Announcement, QueueConfig } from '../../core/acd/queue.js';
import { waitWords } from '../../core/acd/wait/words.js';
import type { Prompt } from '../../core/ivr/ask.js';
import type { Call } from '../call/call.js';
import type { LiveState } from '../floor/live-state.js';
import type { Waiting } from '../floor/queueing.js';
import type { Speech } from '../speech.js';
import type { Writing } from '../writing/writing.js';
import type { Saying } from './announcer.js';
import type { Outlook, WaitHistory } from './wait-history.js';

export interface SayingsPorts {
  readonly live: LiveState;
  readonly history: WaitHistory;
  readonly speech: Speech;
  readonly writing: Writing;
}

/** Time counts from joining. */
export function sayingsOf(ports: SayingsPorts, call: Call, queue: QueueConfig, waiting: Waiting): readonly Saying[] {
  const { joinedAtMs } = waiting;
  const say = async (prompts: readonly Prompt[]): Promise<readonly string[]> => {
    if (prompts.length === 0) return [];
    ports.writing.say(call, prompts);
    return ports.speech.paths(prompts);
  };
  const outlook = (): Outlook | undefined => {
    const entry = ports.live.entry(waiting.entry);
    return entry && ports.history.outlook(queue, entry);
  };
  const position: Saying[] =
    queue.announceEveryMs === 0
      ? []
      : [
          {
            nextMs: joinedAtMs,
            everyMs: queue.announceEveryMs,
            files: () => say(positionPrompts(ports.speech, call, queue, outlook())),
          },
        ];
  const announcements = (queue.announcements ?? []).map(
    (announcement): Saying => ({
      nextMs: joinedAtMs + announcement.afterMs,
      everyMs: announcement.everyMs,
      files: () => say([announced(ports.speech, call, queue, announcement, outlook())]),
    }),
  );
  return [...position, ...announcements];
}

function positionPrompts(speech: Speech, call: Call, queue: QueueConfig, outlook: Outlook | undefined): Prompt[] {
  if (outlook === undefined) return [];
  const { position, estimate } = outlook;
  const place = speech.canned('queue-position', call.language, { position });
  if (queue.sayWait !== true || estimate === undefined) return [place];
  return [place, speech.canned('queue-wait', call.language, { wait: waitWords(estimate.waitMs, call.language) })];
}

function announced(
  speech: Speech,
  call: Call,
  queue: QueueConfig,
  { text }: Announcement,
  outlook: Outlook | undefined,
): Prompt {
  const { language } = call;
  const wait = outlook?.estimate === undefined ? '' : waitWords(outlook.estimate.waitMs, language);
  return speech.canned(text, language, {
    position: outlook?.position ?? '',
    wait,
    queue: queue.title[language] ?? queue.name,
    reference: call.thread.state.reference,
  });
}
