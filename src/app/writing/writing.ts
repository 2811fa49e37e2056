// People who write on a call (real-time text): what they type stands in the record by lines, and they are answered in writing.
import type { InteractionEvent } from '../../core/interaction/event.js';
import type { Prompt } from '../../core/ivr/ask.js';
import type { Clock, Timer } from '../../lib/clock.js';
import type { Log } from '../../lib/log.js';
import type { Call } from '../call/call.js';
import { HiloError } from '../errors.js';
import type { Leg } from '../ports.js';
import { Inbox } from './inbox.js';
import { TextLines } from './text-lines.js';

/** Who has not typed for so long has finished the line. */
export const LINE_PAUSE_MS = 5_000;
/** Ends a line for the reader (T.140). */
const LINE_SEPARATOR = '\u2028';

type Author = Extract<InteractionEvent, { type: 'text-written' }>['data']['by'];
type TextCall = Pick<Call, 'thread' | 'segment' | 'leg'>;

export interface WritingPorts {
  readonly clock: Clock;
  readonly log: Log;
}

export class Writing {
  readonly #ports: WritingPorts;
  /** Calls of this node whose customer can read, by interaction. */
  readonly #calls = new Map<string, TextCall>();
  /** Of customers who talk with a bot, by interaction. */
  readonly #inboxes = new Map<string, Inbox>();

  constructor(ports: WritingPorts) {
    this.#ports = ports;
  }

  /** From now on what the customer types is recorded, if the phone can do it. */
  began(call: TextCall): void {
    if (call.leg.text === undefined) return;
    this.#calls.set(call.thread.id, call);
    this.follow(call, call.leg, 'customer');
    const over = (): void => {
      if (this.#calls.get(call.thread.id) !== call) return;
      this.#calls.delete(call.thread.id);
      this.#inboxes.delete(call.thread.id);
    };
    call.leg.ended.addEventListener('abort', over, { once: true });
    if (call.leg.ended.aborted) over();
  }

  /** Records what this party of the call types, until its leg ends. */
  follow({ thread, segment }: TextCall, leg: Leg, by: Author): void {
    const lines = new TextLines();
    let pause: Timer | undefined;
    const note = (finished: readonly string[]): void => {
      for (const text of finished) {
        thread.note({ type: 'text-written', data: { segment, by, text } });
        if (by === 'customer') this.#inboxes.get(thread.id)?.line(text);
      }
    };
    const finish = (): void => {
      pause?.cancel();
      note(lines.flush());
    };
    leg.text?.onTyped((typed) => {
      pause?.cancel();
      if (by === 'customer') this.#inboxes.get(thread.id)?.typed();
      note(lines.take(typed));
      if (!lines.isAtStart) pause = this.#ports.clock.after(LINE_PAUSE_MS, finish);
    });
    leg.ended.addEventListener('abort', finish, { once: true });
  }

  /** From now on the customer's lines can be read there, an earlier inbox is gone; undefined: the phone has no text. */
  openInbox({ thread, leg }: Pick<TextCall, 'thread' | 'leg'>): Inbox | undefined {
    if (this.#calls.get(thread.id)?.leg !== leg) return undefined;
    const inbox = new Inbox();
    this.#inboxes.set(thread.id, inbox);
    return inbox;
  }

  /** Whether the customer can read what is written now. */
  reaches(interaction: string): boolean {
    return this.#calls.has(interaction);
  }

  closeInbox(interaction: string): void {
    this.#inboxes.delete(interaction);
  }

  /**
   * Writes a line to the customer, and into the record once it is on its way. Rejects with HiloError `not-found` (no such
   * call here) or `wrong-state` (the customer's phone, or the media server, has no text).
   */
  async write(interaction: string, text: string, name: string): Promise<void> {
    const call = this.#calls.get(interaction);
    if (call === undefined) throw new HiloError('not-found', 'nobody who can read is on the line in this interaction');
    const isWritten = await call.leg.text?.write(text + LINE_SEPARATOR);
    if (isWritten !== true) throw new HiloError('wrong-state', 'text not available on this call');
    const { thread, segment } = call;
    thread.note({ type: 'text-written', data: { segment, by: 'agent', name, text } });
  }

  /** What is said to the caller, in writing too. Nobody waits for it: it is read while it is heard. */
  say({ leg }: Pick<Call, 'leg'>, prompts: readonly Prompt[]): void {
    if (leg.text === undefined) return;
    const texts = prompts.flatMap((prompt) => (prompt.kind === 'text' ? prompt.text : (prompt.fallbackText ?? [])));
    const lines = texts.map((text) => text.trim()).filter((text) => text !== '');
    if (lines.length === 0) return;
    leg.text.write(lines.map((line) => line + LINE_SEPARATOR).join('')).catch((error: unknown) => {
      if (!leg.ended.aborted) this.#ports.log.info({ err: error }, 'a prompt was not written');
    });
  }
}
