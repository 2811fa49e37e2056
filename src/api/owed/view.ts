// The work-list as the API shows it.
import { holderOf, momentOf, queueOf, type WorkItem } from '../../app/owed/work-list.js';
import type { WireCallbackItem, WireLostItem, WireVoicemailItem, WireWorkList } from '../../contract/owed/work-list.js';
import { isWithheld } from '../../core/policy/recipient.js';
import { iso } from '../view/time.js';

export function workListView(items: readonly WorkItem[]): WireWorkList {
  const ordered = items.toSorted((a, b) => momentOf(a) - momentOf(b));
  return {
    callbacks: ordered.flatMap((one) => (one.kind === 'callback' ? [callbackView(one)] : [])),
    lost: ordered.flatMap((one) => (one.kind === 'lost' ? [lostView(one)] : [])),
    voicemails: ordered.flatMap((one) => (one.kind === 'voicemail' ? [voicemailView(one)] : [])),
  };
}

type Kind<K extends WorkItem['kind']> = Extract<WorkItem, { kind: K }>;

function common(item: WorkItem) {
  const { interaction, name, said } = item;
  const [queue, holder] = [queueOf(item), holderOf(item)];
  const { value } = interaction.address;
  const number = item.kind === 'callback' ? item.callback.number : isWithheld(value) ? '' : value;
  return {
    ...{ interaction: interaction.id, reference: interaction.reference, number },
    ...(name === undefined ? {} : { name }),
    ...(queue === undefined ? {} : { queue }),
    ...(holder === undefined ? {} : { holder }),
    said: said.map(({ atMs, ...line }) => ({ ...line, at: iso(atMs) })),
  };
}

function callbackView(item: Kind<'callback'>): WireCallbackItem {
  const { id, state, dueAtMs, attempts, source } = item.callback;
  return { ...common(item), id, state, dueAt: iso(dueAtMs), attempts, source };
}

function lostView(item: Kind<'lost'>): WireLostItem {
  const { atMs, result, calls } = item.lost;
  const offered = item.interaction.callback?.state === 'offered';
  return { ...common(item), lostAt: iso(atMs), result, calls, offered };
}

function voicemailView(item: Kind<'voicemail'>): WireVoicemailItem {
  const { voicemail } = item;
  const { recording, atMs, durationMs, state } = voicemail;
  const shown = { ...common(item), recording, leftAt: iso(atMs), durationMs, state };
  if (voicemail.state === 'new') return shown;
  const at = iso(voicemail.state === 'done' ? voicemail.doneAtMs : voicemail.heardAtMs);
  const note = voicemail.state === 'done' && voicemail.note !== undefined ? { note: voicemail.note } : {};
  return { ...shown, by: voicemail.by, at, ...note };
}
