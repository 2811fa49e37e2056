// An interaction as the API shows it.
import type { z } from 'zod';
import type { InteractionSummary } from '../../app/ports.js';
import type { interactionSummary, WireCallback, WireInteraction, WireSegment } from '../../contract/interaction.js';
import type { Callback } from '../../core/interaction/callback.js';
import type { RecordedEvent } from '../../core/interaction/event.js';
import { fold, type Interaction } from '../../core/interaction/interaction.js';
import type { Language } from '../../core/interaction/language.js';
import { outcomesOf } from '../../core/interaction/outcome.js';
import type { Segment } from '../../core/interaction/segment.js';
import type { StepTitles } from '../../core/interaction/timeline/steps.js';
import { timeline } from '../../core/interaction/timeline/timeline.js';
import type { Wait } from '../../core/interaction/wait.js';
import type { Flow } from '../../core/ivr/flow.js';
import { titleOfStep } from '../../core/ivr/step-title.js';
import { iso, optionalIso } from './time.js';

export function summaryView(summary: InteractionSummary): z.infer<typeof interactionSummary> {
  const { id, reference, state, contact, address, channels, openedAtMs, updatedAtMs, callback } = summary;
  return {
    ...{ id, reference, state, contact, address },
    channels: [...channels],
    openedAt: iso(openedAtMs),
    updatedAt: iso(updatedAtMs),
    ...(callback === undefined ? {} : { callback: { id: callback.id, dueAt: iso(callback.dueAtMs) } }),
  };
}

/** `flow`: in force now, for the titles of its steps. */
export function interactionView(
  events: readonly RecordedEvent[],
  language: Language,
  flow: (name: string) => Flow | undefined,
): WireInteraction {
  const interaction = fold(events);
  const titles: StepTitles = (step, reader) => titleOfStep(flow, step, reader);
  const { segments, waits, callback, surveys } = interaction;
  return {
    ...headOf(interaction),
    ...(callback === undefined ? {} : { callback: callbackView(callback) }),
    ...(surveys === undefined ? {} : { surveys: surveys.map(({ atMs, ...answer }) => ({ ...answer, at: iso(atMs) })) }),
    segments: segments.map(segmentView),
    waits: waits.map(waitView),
    outcomes: outcomesOf(events).map(({ segment, outcome, reason }) => ({ segment, outcome, reason })),
    events: events.map(({ version, atMs, event }) => ({
      version,
      type: event.type,
      at: iso(atMs),
      data: { ...event.data },
    })),
    timeline: timeline(events, language, titles).map(({ atMs, ...line }) => ({ ...line, at: iso(atMs) })),
  };
}

function headOf({ id, reference, state, contact, address, language, openedAtMs, updatedAtMs, closed }: Interaction) {
  return {
    ...{ id, reference, state, contact, address },
    ...(language === undefined ? {} : { language }),
    openedAt: iso(openedAtMs),
    updatedAt: iso(updatedAtMs),
    ...(closed === undefined ? {} : { closed: { reason: closed.reason, at: iso(closed.atMs) } }),
  };
}

export function segmentView(segment: Segment): WireSegment {
  if (segment.kind === 'message') {
    const { startedAtMs, ...message } = segment;
    return { ...message, startedAt: iso(startedAtMs) };
  }
  const { startedAtMs, path, quality, ...call } = segment;
  return {
    ...call,
    ...(quality === undefined ? {} : { quality: [...quality] }),
    path: path.map(({ party, fromMs }) => ({ party, from: iso(fromMs) })),
    startedAt: iso(startedAtMs),
    ...optionalIso('answeredAt', 'answeredAtMs' in segment ? segment.answeredAtMs : undefined),
    ...optionalIso('endedAt', segment.state === 'ended' ? segment.endedAtMs : undefined),
  };
}

export function callbackView(callback: Callback): WireCallback {
  switch (callback.state) {
    case 'offered':
      return { id: callback.id, state: callback.state, queue: callback.queue };
    case 'ended': {
      const { id, state, result, reason, attempts } = callback;
      return { id, state, result, reason, attempts };
    }
    default: {
      const { id, state, queue, number, dueAtMs, attempts } = callback;
      return { id, state, queue, number, dueAt: iso(dueAtMs), attempts };
    }
  }
}

function waitView(wait: Wait): WireInteraction['waits'][number] {
  const { entry, queue, kind, state, priority, fromMs, offers } = wait;
  const shown = { entry, queue, kind, state, priority, from: iso(fromMs), offers };
  return wait.state === 'over' ? { ...shown, reason: wait.reason, waitedMs: wait.waitedMs } : shown;
}
