// The sentences of the timeline in Spanish.
import { addressText } from '../conversation/visitor-address.js';
import type { CallResult, EndedBy, MessageStatus, MonitorMode, RefusalReason } from '../event.js';
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
  served: 'atendida',
  abandoned: 'abandonada',
  'short-abandoned': 'abandonada enseguida',
  voicemail: 'mensaje de voz dejado',
  'callback-promised': 'devolución prometida',
  'message-sent': 'mensaje enviado',
  forwarded: 'desviada',
  refused: 'rechazada',
  'no-answer': 'sin respuesta',
  failed: 'fallida',
};

const MODES: Readonly<Record<MonitorMode, string>> = {
  listen: 'escucha',
  whisper: 'habla solo con el agente',
  barge: 'habla con los dos',
};

const ENDED_BY: Readonly<Record<EndedBy, string>> = {
  customer: 'el cliente',
  agent: 'el agente',
  hilo: 'Hilo',
  network: 'la red',
};

const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  rejected: 'la ha rechazado',
  busy: 'comunicaba',
  'no-answer': 'no ha contestado',
  unreachable: 'no estaba localizable',
  'not-registered': 'no tenía ningún teléfono registrado',
};

const STATUSES: Readonly<Record<MessageStatus, string>> = {
  queued: 'en cola',
  sent: 'enviado',
  delivered: 'entregado',
  read: 'leído',
  failed: 'no entregado',
};

const SURVEYS = { csat: 'Satisfacción', nps: 'Nos recomendaría', fcr: 'Resuelto en este contacto' } as const;

const EMERGENCY = { 'go-on': 'y siguió', 'hang-up': 'y la llamada terminó', queue: '' } as const;

const CONSULTATIONS: Readonly<Record<string, string>> = {
  completed: 'terminada: el cliente pasa al compañero',
  cancelled: 'cancelada',
  joined: 'convertida en conversación de todos',
  'not-reached': 'sin respuesta',
  'hung-up': 'terminada: el compañero ha colgado',
};

const WAITING = { callback: 'La devolución', message: 'El mensaje', task: 'La tarea' } as const;

function told(reason: string): string {
  return reasonText(reason, 'es');
}

function quoted(note: string | undefined): string {
  return note === undefined ? '' : `: «${note}»`;
}

function content(text: string, files: Parameters<typeof filesText>[0]): string {
  return [text === '' ? '' : `«${text}»`, filesText(files)].filter((part) => part !== '').join(' ');
}

export const spanish: Sentences = {
  'interaction-opened': ({ reference, address }) =>
    `Abierta como ${reference} para ${addressText(address.value, 'es') || 'un número oculto'} (${address.channel}).`,
  'call-arrived': ({ from, to, trunk }) => `Llamada de ${from || 'un número oculto'} al ${to} por ${trunk}.`,
  'call-dialled': ({ to, purpose, callback }) => {
    if (purpose === 'forward') return `Se llama al ${to} para desviar la llamada.`;
    return callback === undefined ? `Se llama al cliente al ${to}.` : `Se devuelve la llamada al cliente en el ${to}.`;
  },
  'call-placed': ({ agent, number }) => `${agent} llama al cliente al ${number}: primero suena su propio teléfono.`,
  'call-not-placed': ({ agent, reason }) => `No se ha llegado a llamar al cliente por ${agent} (${told(reason)}).`,
  'voicemail-heard': ({ by }) => `${by} ha escuchado el mensaje de voz.`,
  'voicemail-done': ({ by, note }) => `${by} da por atendido el mensaje de voz${quoted(note)}.`,
  'voicemail-reopened': ({ by }) => `${by} vuelve a poner el mensaje de voz en la lista.`,
  'matter-taken': ({ agent, by }) => (agent === by ? `${agent} se encarga.` : `${by} se lo encarga a ${agent}.`),
  'matter-released': ({ agent, by }) =>
    agent === by ? `${agent} deja de encargarse.` : `${by} se lo retira a ${agent}.`,
  'lost-settled': ({ by, as, note }) =>
    `${as === 'recovered' ? `${by} indica que el cliente está recuperado` : `${by} retira de la lista la llamada perdida`}${quoted(note)}.`,
  'recovered-elsewhere': ({ by }) =>
    ({
      call: 'El cliente ha vuelto a llamar y ha hablado con alguien, en otro asunto.',
      callback: 'Se ha devuelto la llamada al cliente, que ha hablado con alguien en otro asunto.',
      message: 'El cliente ha escrito y se le ha contestado, en otro asunto.',
    })[by],
  'call-taken-over': ({ node }) => `El nodo que llevaba la llamada ha caído; la conversación sigue, ahora en ${node}.`,
  'call-answered': () => 'La llamada se ha contestado.',
  'flow-entered': ({ flow, language }) => `Entra en el flujo ${flow} (${language}).`,
  'flow-step': ({ step, name, outcome }, titles) =>
    `Paso «${titles(step, 'es') ?? stepTitle(step, name)}»: ${outcomeText(outcome, 'es')}.`,
  'survey-answered': ({ survey, score }) =>
    `${SURVEYS[survey] ?? survey}: ${surveyScore(survey, score, ['sí', 'no'])}.`,
  'flow-limit-hit': ({ step, limit, to }, titles) =>
    `El flujo ha llegado a su límite en «${titles(step, 'es') ?? stepTitle(step, undefined)}» (${told(limit)}): ${{ fallback: 'pasa a la salida del flujo', queue: 'pasa a la cola para esos casos', end: 'se termina' }[to]}.`,
  'emergency-heard': ({ afterwards, queue }) =>
    `Oyó el mensaje de emergencia, ${afterwards === 'queue' ? `y pasó a la cola ${queue ?? ''}` : EMERGENCY[afterwards]}.`,
  'language-set': ({ language }) => `Idioma elegido: ${language}.`,
  queued: ({ queue, kind }) =>
    kind === 'call' ? `Espera en la cola ${queue}.` : `${WAITING[kind]} espera en la cola ${queue}.`,
  'wait-estimated': ({ position, waitMs }) =>
    `Puesto ${position} de la cola${waitMs === undefined ? '' : `, espera estimada ${durationText(waitMs)}`}.`,
  offered: ({ agent, why }) => {
    const { beside, behind } = offeredBeside(agent, why);
    const idleMs = why.candidates.find((candidate) => candidate.agent === agent)?.values['idleMs'];
    const idle = idleMs === undefined ? '' : `, libre desde hace ${durationText(idleMs)}`;
    const others = beside.length > 0 ? `, a la vez que a ${beside.join(', ')}` : '';
    return `Ofrecida a ${agent}${idle}${others}${behind.length > 0 ? `, antes que a ${behind.join(', ')}` : ''}.`;
  },
  'offer-refused': ({ agent, reason }) => `${agent} ${REFUSALS[reason] ?? reason}.`,
  'offer-withdrawn': ({ agent, reason }) => `Oferta a ${agent} retirada: ${told(reason)}.`,
  connected: ({ agent, waitedMs }) => `Conectada con ${agent} tras ${durationText(waitedMs)} de espera.`,
  'left-queue': ({ queue, reason, waitedMs }) =>
    `Sale de la cola ${queue} tras ${durationText(waitedMs)}: ${told(reason)}.`,
  overflowed: ({ queue, to, cause }) => `Desbordamiento de ${queue} a ${to}: ${told(cause)}.`,
  forwarded: ({ from, to, rule }) => `Desviada de ${from} a ${to} (${rule}).`,
  'forward-refused': ({ from, to, reason }) => `No se desvía de ${from} a ${to}: ${reason}.`,
  'recording-started': () => 'Empieza la grabación.',
  'recording-paused': ({ by }) => `${by} detiene la grabación un momento.`,
  'recording-resumed': ({ by }) => `${by} sigue con la grabación.`,
  'voicemail-left': ({ durationMs }) => `Deja un mensaje de voz de ${durationText(durationMs)}.`,
  'monitor-started': ({ by, device, mode }) => `${by} ${MODES[mode]} en ${device}.`,
  'monitor-changed': ({ by, mode }) => `${by} ${MODES[mode]} desde ahora.`,
  'monitor-ended': ({ by, reason }) => `${by} deja de escuchar (${reason}).`,
  'text-written': ({ by, name, text }) =>
    `${by === 'customer' ? 'El cliente' : (name ?? 'El agente')} escribe: «${text}»`,
  'web-asked': ({ host, method, outcome, tries, durationMs }) =>
    `${method} a ${host}: ${outcome} en ${durationMs} ms${tries > 1 ? `, ${tries} intentos` : ''}.`,
  'bot-turn': ({ heard, said, asked }) =>
    [
      heard === '' ? '' : `Al bot: «${heard}».`,
      said === '' ? '' : `El bot: «${said}».`,
      asked === undefined ? '' : `El turno del bot acabó con ${asked}.`,
    ]
      .filter((part) => part !== '')
      .join(' ') || 'El bot no tenía nada que decir.',
  'leg-quality': ({ party, opinion, lossPercent, reported }) => {
    const worst = Math.min(opinion, reported?.opinion ?? opinion);
    const line = `${party === 'customer' ? 'La línea del cliente' : 'La línea de la otra parte'}`;
    const loss = Math.max(lossPercent, reported?.lossPercent ?? 0);
    const figure = worst.toFixed(1).replace('.', ',');
    if (worst >= GOOD_OPINION) return `${line} se oía bien (${figure} de 4,4).`;
    return `${line} se oía mal: ${figure} de 4,4, perdido el ${loss.toFixed(1).replace('.', ',')} % del sonido.`;
  },
  'call-ended': ({ by, result, reason, talkedMs }) =>
    `Llamada terminada por ${ENDED_BY[by] ?? by}: ${RESULTS[result] ?? result} (${told(reason)})` +
    `${talkedMs > 0 ? `, conversación de ${durationText(talkedMs)}` : ''}.`,
  'wrapped-up': ({ agent, wrapUpMs }) => `${agent} termina las tareas posteriores en ${durationText(wrapUpMs)}.`,
  'message-queued': ({ channel, to, text, agent, attachments }) =>
    `${agent === undefined ? `Mensaje al ${to}` : `${agent} escribe al ${to}`} por ${channel}: ${content(text, attachments)}`,
  'message-status': ({ status, reason }) =>
    `Mensaje ${STATUSES[status] ?? status}${reason === undefined ? '' : ` (${reason})`}.`,
  'message-received': ({ channel, from, text, attachments, writer }) =>
    `${writerText(addressText(from, 'es'), writer)} ha escrito por ${channel}: ${content(text, attachments)}`,
  'attachment-stored': ({ name, type, bytes }) =>
    `Ya está aquí el archivo «${name}» (${type}, ${sizeText(bytes, ',')}).`,
  'attachment-refused': ({ name, reason }) => `No se ha aceptado el archivo «${name}»: ${told(reason)}.`,
  'messages-read': ({ agent }) => `${agent} ha leído lo que escribió el cliente.`,
  'conversation-begun': ({ agent, channel, address }) => `${agent} empieza a escribir al ${address} por ${channel}.`,
  'work-passed': ({ kind, from, by, reason, queue, to, note }) => {
    const what = kind === 'task' ? 'la tarea' : 'la conversación';
    if (reason === 'agent-left') return `${from} ya no está: ${what} vuelve a la cola ${queue}.`;
    return `${by} pasa ${what} a ${to === undefined ? `la cola ${queue}` : `${to} (cola ${queue})`}${quoted(note)}.`;
  },
  'work-taken': ({ agent, kind, waitedMs }) =>
    `${agent} cogió ${kind === 'task' ? 'la tarea' : 'el mensaje'} a los ${durationText(waitedMs)}.`,
  'work-finished': ({ agent, kind, tookMs }) =>
    `${agent} terminó ${kind === 'task' ? 'la tarea' : 'el mensaje'} en ${durationText(tookMs)}.`,
  'message-declined': ({ reason }) => `No se envía mensaje: ${told(reason)}.`,
  'callback-offered': ({ queue }) => `Se ofrece una devolución de ${queue}.`,
  'callback-requested': ({ number, dueAtMs }) =>
    `Devolución al ${number} pedida para ${new Date(dueAtMs).toISOString()}.`,
  'callback-attempted': ({ attempt, agent }) => `Intento ${attempt} de devolución con ${agent}.`,
  'callback-attempt-failed': ({ attempt, reason, nextAtMs }) =>
    `Intento ${attempt} fallido: ${told(reason)}${nextAtMs === undefined ? '' : `; el siguiente, ${new Date(nextAtMs).toISOString()}`}.`,
  'callback-ended': ({ result, reason, note }) =>
    `Devolución terminada (${told(result)}): ${told(reason)}${quoted(note)}.`,
  'hold-changed': ({ by, held }) =>
    held ? `${by} deja al cliente en espera.` : `${by} recupera al cliente de la espera.`,
  'mute-changed': ({ by, muted }) => (muted ? `${by} silencia su micrófono.` : `A ${by} se le vuelve a oír.`),
  'consultation-started': ({ by, with: party, note }) => `${by} consulta a ${party.name}${quoted(note)}.`,
  'consultation-ended': ({ result, reason }) =>
    `Consulta ${CONSULTATIONS[result] ?? result}${reason === undefined ? '' : ` (${reason})`}.`,
  transferred: ({ by, way, from, to, note }) =>
    way === 'taken-over'
      ? `${to} se hace cargo del cliente en lugar de ${from}.`
      : way === 'lost'
        ? `Se ha perdido la conexión con ${from}: el cliente vuelve a ${to}.`
        : `${by} pasa al cliente a ${to}${way === 'attended' ? ' tras consultar' : ''}${quoted(note)}.`,
  'transfer-failed': ({ to, reason, next }) => `No se ha podido pasar a ${to} (${told(reason)}): ${next}.`,
  'party-joined': ({ by, party }) => `${by} incorpora a ${party.name} a la conversación.`,
  'party-left': ({ party, reason }) => `${party.name} deja la conversación (${told(reason)}).`,
  'disposition-set': ({ by, code, note }) => `${by}: el motivo era «${code}»${quoted(note)}.`,
  'disposition-missing': ({ agent }) => `${agent} no ha indicado el motivo.`,
  'note-added': ({ by, text }) => `${by} anota: «${text}»`,
  'talk-cut-off': ({ by, agent }) => `${by} cortó la conversación con ${agent}.`,
  'priority-changed': ({ queue, priority, by }) => `${by} le dio la prioridad ${priority} en la cola ${queue}.`,
  'queue-changed': ({ queue, to, by }) => `${by} la pasó de la cola ${queue} a ${to}.`,
  'node-lost': ({ node }) => `Se ha perdido el nodo ${node}.`,
  'interaction-closed': ({ reason }) => `Cerrada: ${told(reason)}.`,
};
