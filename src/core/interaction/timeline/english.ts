// The sentences of the timeline in English.
import { addressText } from '../conversation/visitor-address.js';
import type { CallResult, EndedBy, MonitorMode, RefusalReason } from '../event.js';
import { reasonText } from './reasons.js';
import {
  durationText,
  filesText,
  GOOD_OPINION,
  offeredBeside,
  type Sentences,
  sizeText,
  surveyScore,
  writerText,
} from './sentences.js';
import { outcomeText, stepTitle } from './steps.js';

const RESULTS: Readonly<Record<CallResult, string>> = {
  served: 'served',
  abandoned: 'abandoned',
  'short-abandoned': 'abandoned at once',
  voicemail: 'voicemail left',
  'callback-promised': 'call-back promised',
  'message-sent': 'message sent',
  forwarded: 'forwarded',
  refused: 'refused',
  'no-answer': 'no answer',
  failed: 'failed',
};

const MODES: Readonly<Record<MonitorMode, string>> = {
  listen: 'listens',
  whisper: 'whispers to the agent',
  barge: 'talks with both',
};

const ENDED_BY: Readonly<Record<EndedBy, string>> = {
  customer: 'the customer',
  agent: 'the agent',
  hilo: 'Hilo',
  network: 'the network',
};

const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  rejected: 'rejected it',
  busy: 'was busy',
  'no-answer': 'did not answer',
  unreachable: 'could not be reached',
  'not-registered': 'had no phone registered',
};

const SURVEYS = { csat: 'Satisfaction', nps: 'Would recommend us', fcr: 'Settled by this contact' } as const;

const EMERGENCY = { 'go-on': 'then went on', 'hang-up': 'then the call ended', queue: '' } as const;

const CONSULTATIONS: Readonly<Record<string, string>> = {
  completed: 'completed: the customer was handed over',
  cancelled: 'cancelled',
  joined: 'became a conversation of all',
  'not-reached': 'did not come about',
  'hung-up': 'ended: the colleague hung up',
};

const WAITING = { callback: 'The call-back', message: 'The message', task: 'The task' } as const;

function told(reason: string): string {
  return reasonText(reason, 'en');
}

function quoted(note: string | undefined): string {
  return note === undefined ? '' : `: “${note}”`;
}

function content(text: string, files: Parameters<typeof filesText>[0]): string {
  return [text === '' ? '' : `“${text}”`, filesText(files)].filter((part) => part !== '').join(' ');
}

export const english: Sentences = {
  'interaction-opened': ({ reference, address }) =>
    `Opened as ${reference} for ${addressText(address.value, 'en') || 'an unknown caller'} (${address.channel}).`,
  'call-arrived': ({ from, to, trunk }) => `Call from ${from || 'a withheld number'} to ${to} over ${trunk}.`,
  'call-dialled': ({ to, purpose, callback }) => {
    if (purpose === 'forward') return `Calling ${to} to forward the call.`;
    return callback === undefined ? `Calling the customer at ${to}.` : `Calling the customer back at ${to}.`;
  },
  'call-placed': ({ agent, number }) => `${agent} calls the customer at ${number}: the agent’s own phone rings first.`,
  'call-not-placed': ({ agent, reason }) => `The customer was not dialled for ${agent} (${told(reason)}).`,
  'voicemail-heard': ({ by }) => `${by} heard the voicemail.`,
  'voicemail-done': ({ by, note }) => `${by} dealt with the voicemail${quoted(note)}.`,
  'voicemail-reopened': ({ by }) => `${by} put the voicemail back on the list.`,
  'matter-taken': ({ agent, by }) => (agent === by ? `${agent} looks after it.` : `${by} gave it to ${agent}.`),
  'matter-released': ({ agent, by }) =>
    agent === by ? `${agent} no longer looks after it.` : `${by} took it from ${agent}.`,
  'lost-settled': ({ by, as, note }) =>
    `${as === 'recovered' ? `${by} says that the customer was got back` : `${by} took the lost call off the list`}${quoted(note)}.`,
  'recovered-elsewhere': ({ by }) =>
    ({
      call: 'The customer has called again and talked with somebody, in another matter.',
      callback: 'The customer was called back and talked with somebody, in another matter.',
      message: 'The customer has written and was answered, in another matter.',
    })[by],
  'call-taken-over': ({ node }) => `The node that held the call is dead; the talk goes on, held by ${node}.`,
  'call-answered': () => 'The call was answered.',
  'flow-entered': ({ flow, language }) => `Entered the flow ${flow} (${language}).`,
  'flow-step': ({ step, name, outcome }, titles) =>
    `Step “${titles(step, 'en') ?? stepTitle(step, name)}”: ${outcomeText(outcome, 'en')}.`,
  'survey-answered': ({ survey, score }) =>
    `${SURVEYS[survey] ?? survey}: ${surveyScore(survey, score, ['yes', 'no'])}.`,
  'flow-limit-hit': ({ step, limit, to }, titles) =>
    `The flow reached its limit at “${titles(step, 'en') ?? stepTitle(step, undefined)}” (${told(limit)}): ${{ fallback: 'sent to the fallback of the flow', queue: 'sent to the queue for such calls', end: 'ended' }[to]}.`,
  'emergency-heard': ({ afterwards, queue }) =>
    `Heard the emergency message, ${afterwards === 'queue' ? `then sent to the queue ${queue ?? ''}` : EMERGENCY[afterwards]}.`,
  'language-set': ({ language }) => `Language chosen: ${language}.`,
  queued: ({ queue, kind }) =>
    kind === 'call' ? `Waits in the queue ${queue}.` : `${WAITING[kind]} waits in the queue ${queue}.`,
  'wait-estimated': ({ position, waitMs }) =>
    `Place ${position} in the line${waitMs === undefined ? '' : `, estimated wait ${durationText(waitMs)}`}.`,
  offered: ({ agent, why }) => {
    const { beside, behind } = offeredBeside(agent, why);
    const idleMs = why.candidates.find((candidate) => candidate.agent === agent)?.values['idleMs'];
    const idle = idleMs === undefined ? '' : `, idle for ${durationText(idleMs)}`;
    const others = beside.length > 0 ? `, together with ${beside.join(', ')}` : '';
    return `Offered to ${agent}${idle}${others}${behind.length > 0 ? `, before ${behind.join(', ')}` : ''}.`;
  },
  'offer-refused': ({ agent, reason }) => `${agent} ${REFUSALS[reason] ?? reason}.`,
  'offer-withdrawn': ({ agent, reason }) => `Offer to ${agent} withdrawn: ${told(reason)}.`,
  connected: ({ agent, waitedMs }) => `Connected with ${agent} after waiting ${durationText(waitedMs)}.`,
  'left-queue': ({ queue, reason, waitedMs }) =>
    `Left the queue ${queue} after ${durationText(waitedMs)}: ${told(reason)}.`,
  overflowed: ({ queue, to, cause }) => `Overflow from ${queue} to ${to}: ${told(cause)}.`,
  forwarded: ({ from, to, rule }) => `Forwarded from ${from} to ${to} (${rule}).`,
  'forward-refused': ({ from, to, reason }) => `Not forwarded from ${from} to ${to}: ${reason}.`,
  'recording-started': () => 'Recording started.',
  'recording-paused': ({ by }) => `${by} paused the recording.`,
  'recording-resumed': ({ by }) => `${by} resumed the recording.`,
  'voicemail-left': ({ durationMs }) => `Voicemail of ${durationText(durationMs)} left.`,
  'monitor-started': ({ by, device, mode }) => `${by} ${MODES[mode]} on ${device}.`,
  'monitor-changed': ({ by, mode }) => `${by} ${MODES[mode]} from now on.`,
  'monitor-ended': ({ by, reason }) => `${by} no longer listens (${reason}).`,
  'text-written': ({ by, name, text }) =>
    `${by === 'customer' ? 'The customer' : (name ?? 'The agent')} wrote: “${text}”`,
  'web-asked': ({ host, method, outcome, tries, durationMs }) =>
    `${method} to ${host}: ${outcome} after ${durationMs} ms${tries > 1 ? `, ${tries} tries` : ''}.`,
  'bot-turn': ({ heard, said, asked }) =>
    [
      heard === '' ? '' : `To the bot: “${heard}”.`,
      said === '' ? '' : `The bot: “${said}”.`,
      asked === undefined ? '' : `The bot’s turn ended with ${asked}.`,
    ]
      .filter((part) => part !== '')
      .join(' ') || 'The bot had nothing to say.',
  'leg-quality': ({ party, opinion, lossPercent, reported }) => {
    const worst = Math.min(opinion, reported?.opinion ?? opinion);
    const line = `${party === 'customer' ? 'The customer’s line' : 'The line of the other side'}`;
    const loss = Math.max(lossPercent, reported?.lossPercent ?? 0);
    if (worst >= GOOD_OPINION) return `${line} was good (${worst.toFixed(1)} of 4.4).`;
    return `${line} was bad: ${worst.toFixed(1)} of 4.4, ${loss.toFixed(1)} % of the sound lost.`;
  },
  'call-ended': ({ by, result, reason, talkedMs }) =>
    `Call ended by ${ENDED_BY[by] ?? by}: ${RESULTS[result] ?? result} (${told(reason)})` +
    `${talkedMs > 0 ? `, talked ${durationText(talkedMs)}` : ''}.`,
  'wrapped-up': ({ agent, wrapUpMs }) => `${agent} finished the wrap-up in ${durationText(wrapUpMs)}.`,
  'message-queued': ({ channel, to, text, agent, attachments }) =>
    `${agent === undefined ? `Message to ${to}` : `${agent} wrote to ${to}`} by ${channel}: ${content(text, attachments)}`,
  'message-status': ({ status, reason }) => `Message ${status}${reason === undefined ? '' : ` (${reason})`}.`,
  'message-received': ({ channel, from, text, attachments, writer }) =>
    `${writerText(addressText(from, 'en'), writer)} wrote by ${channel}: ${content(text, attachments)}`,
  'attachment-stored': ({ name, type, bytes }) => `The file “${name}” is here (${type}, ${sizeText(bytes)}).`,
  'attachment-refused': ({ name, reason }) => `The file “${name}” was not taken: ${told(reason)}.`,
  'messages-read': ({ agent }) => `${agent} read what the customer wrote.`,
  'conversation-begun': ({ agent, channel, address }) => `${agent} begins to write to ${address} by ${channel}.`,
  'work-passed': ({ kind, from, by, reason, queue, to, note }) =>
    reason === 'agent-left'
      ? `${from} is not there any more: the ${kind} goes back to the queue ${queue}.`
      : `${by} passed the ${kind} on to ${to === undefined ? `the queue ${queue}` : `${to} (queue ${queue})`}${quoted(note)}.`,
  'work-taken': ({ agent, kind, waitedMs }) => `${agent} took the ${kind} after ${durationText(waitedMs)}.`,
  'work-finished': ({ agent, kind, tookMs }) => `${agent} finished the ${kind} in ${durationText(tookMs)}.`,
  'message-declined': ({ reason }) => `No message is sent: ${told(reason)}.`,
  'callback-offered': ({ queue }) => `A call-back by ${queue} was offered.`,
  'callback-requested': ({ number, dueAtMs }) =>
    `Call-back to ${number} requested for ${new Date(dueAtMs).toISOString()}.`,
  'callback-attempted': ({ attempt, agent }) => `Call-back attempt ${attempt} with ${agent}.`,
  'callback-attempt-failed': ({ attempt, reason, nextAtMs }) =>
    `Attempt ${attempt} failed: ${told(reason)}${nextAtMs === undefined ? '' : `; next at ${new Date(nextAtMs).toISOString()}`}.`,
  'callback-ended': ({ result, reason, note }) => `Call-back over (${told(result)}): ${told(reason)}${quoted(note)}.`,
  'hold-changed': ({ by, held }) => (held ? `${by} put the customer on hold.` : `${by} took the customer off hold.`),
  'mute-changed': ({ by, muted }) => (muted ? `${by} muted the microphone.` : `${by} can be heard again.`),
  'consultation-started': ({ by, with: party, note }) => `${by} asks ${party.name}${quoted(note)}.`,
  'consultation-ended': ({ result, reason }) =>
    `Consultation ${CONSULTATIONS[result] ?? result}${reason === undefined ? '' : ` (${reason})`}.`,
  transferred: ({ by, way, from, to, note }) =>
    way === 'taken-over'
      ? `${to} took the customer over from ${from}.`
      : way === 'lost'
        ? `The connection to ${from} was lost: the customer goes back to ${to}.`
        : `${by} transferred the customer to ${to}${way === 'attended' ? ' after asking' : ''}${quoted(note)}.`,
  'transfer-failed': ({ to, reason, next }) => `Nobody was reached at ${to} (${told(reason)}): ${next}.`,
  'party-joined': ({ by, party }) => `${by} brought ${party.name} into the conversation.`,
  'party-left': ({ party, reason }) => `${party.name} left the conversation (${told(reason)}).`,
  'disposition-set': ({ by, code, note }) => `${by}: it was about “${code}”${quoted(note)}.`,
  'disposition-missing': ({ agent }) => `${agent} did not say what it was about.`,
  'note-added': ({ by, text }) => `${by} noted: “${text}”`,
  'talk-cut-off': ({ by, agent }) => `${by} ended the conversation with ${agent}.`,
  'priority-changed': ({ queue, priority, by }) => `${by} gave it the priority ${priority} in the queue ${queue}.`,
  'queue-changed': ({ queue, to, by }) => `${by} sent it from the queue ${queue} to ${to}.`,
  'node-lost': ({ node }) => `The node ${node} was lost.`,
  'interaction-closed': ({ reason }) => `Closed: ${told(reason)}.`,
};
