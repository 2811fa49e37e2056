// A customer as the API shows them.

import type { z } from 'zod';
import type { Contact } from '../../app/ports.js';
import type { CustomerHistory, Matter } from '../../app/record/profiles.js';
import { recordingsOf } from '../../app/recording/kept-recordings.js';
import type { WireMatter, WireProfile } from '../../contract/history/profile.js';
import type { contact } from '../../contract/interaction.js';
import { isOwed, type Profile } from '../../core/interaction/contact/together.js';
import { fold } from '../../core/interaction/interaction.js';
import { callbackView, segmentView, summaryView } from './interaction.js';
import { iso } from './time.js';

export function contactView(known: Contact | Profile): z.infer<typeof contact> {
  const { id, name, language, segment, tags = [], consent } = known;
  const told = { ...(name === undefined ? {} : { name }), ...(language === undefined ? {} : { language }) };
  return {
    id,
    addresses: [...known.addresses],
    ...told,
    ...(segment === undefined ? {} : { segment }),
    tags: [...tags],
    consent,
  };
}

export function profileView(history: CustomerHistory): WireProfile {
  const { profile, withheld, members, merges, matters, next } = history;
  return {
    contact: contactView(profile),
    withheld,
    members: members.map(({ profile: own, into }) => {
      return into === undefined ? contactView(own) : { ...contactView(own), into };
    }),
    merges: merges.map(({ act, contact, into, by, atMs }) => ({ act, contact, into, by, at: iso(atMs) })),
    matters: matters.map(matterView),
    ...(next === undefined ? {} : { next }),
  };
}

function matterView({ summary, events }: Matter): WireMatter {
  const interaction = fold(events);
  const { segments, waits, callback, dispositions = [] } = interaction;
  const { callback: _callback, ...head } = summaryView(summary);
  return {
    ...head,
    segments: segments.map(segmentView),
    queues: [...new Set(waits.map(({ queue }) => queue))],
    agents: [...new Set(events.flatMap(({ event }) => (event.type === 'connected' ? [event.data.agent] : [])))],
    notes: events.flatMap(({ event, atMs }) =>
      event.type === 'note-added' ? [{ at: iso(atMs), by: event.data.by, text: event.data.text }] : [],
    ),
    dispositions: dispositions.map(({ agent, code }) => ({ agent, code })),
    recordings: recordingsOf(events).length,
    ...(isOwed(interaction) && callback !== undefined ? { owed: callbackView(callback) } : {}),
  };
}
