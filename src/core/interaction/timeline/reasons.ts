// The reasons that stand in records, in words: why somebody left a queue, an offer was taken back, a call or call-back ended.
import type { Language } from '../language.js';

/** Of the events that tell of queues, offers, call-backs and the end of calls; English, Spanish. */
const REASONS: Readonly<Record<string, readonly [en: string, es: string]>> = {
  abandoned: ['abandoned', 'abandonada'],
  'agent-left': ['the agent left', 'el agente se ha ido'],
  'agent-took-another-call': ['the agent took another call', 'el agente ha cogido otra llamada'],
  'answered-elsewhere': ['another agent was quicker', 'otro agente la ha cogido antes'],
  'bridge-failed': ['the voices could not be joined', 'no se han podido unir las voces'],
  busy: ['busy', 'comunicaba'],
  'call-over': ['the call was over', 'la llamada había terminado'],
  'callback-promised': ['a call-back was promised', 'se ha prometido una devolución'],
  'caller-hung-up': ['the caller hung up', 'ha colgado quien llamaba'],
  connected: ['connected with an agent', 'conectada con un agente'],
  'consent-withdrawn': ['the customer does not want messages', 'el cliente no quiere mensajes'],
  'customer-called': ['the customer called again', 'el cliente ha vuelto a llamar'],
  'customer-declined': ['the customer did not want it', 'el cliente no la ha querido'],
  'customer-not-reached': ['the customer was not reached', 'no se ha localizado al cliente'],
  'exit-key': ['the caller pressed the exit key', 'ha pulsado la tecla de salida'],
  'flow-finished': ['the flow was over', 'el flujo ha terminado'],
  held: ['held until it may be called back', 'se guarda hasta que se pueda devolver'],
  'hung-up': ['hung up', 'ha colgado'],
  'hung-up-before-message': ['hung up before the message', 'ha colgado antes del mensaje'],
  'hung-up-in-flow': ['hung up in the menu', 'ha colgado en el menú'],
  'hung-up-in-queue': ['hung up in the queue', 'ha colgado en la cola'],
  'hung-up-while-forwarded': ['hung up while being forwarded', 'ha colgado durante el desvío'],
  'long-wait': ['the wait would have been too long', 'la espera habría sido demasiado larga'],
  machine: ['an answering machine', 'un contestador'],
  'max-wait': ['waited for as long as may be', 'ha llegado al máximo de espera'],
  'media-lost': ['the sound was lost', 'se ha perdido el sonido'],
  'message-left': ['a message was left', 'ha dejado un mensaje'],
  'never-queued': ['never waited for a person', 'no llegó a esperar a nadie'],
  'no-answer': ['no answer', 'sin respuesta'],
  'no-such-queue': ['there is no such queue', 'no existe esa cola'],
  'node-lost': ['the node that held it died', 'ha caído el nodo que la llevaba'],
  'nobody-signed-in': ['nobody was there', 'no había nadie'],
  'not-answered': ['not answered', 'sin respuesta'],
  'not-messageable': ['this number takes no messages', 'ese número no recibe mensajes'],
  'not-registered': ['no phone was registered', 'no había ningún teléfono registrado'],
  'nothing-open': ['nothing is left to do', 'no queda nada pendiente'],
  'offer-gone': ['the offer was over', 'la oferta había terminado'],
  'other-side-hung-up': ['the other side hung up', 'ha colgado la otra parte'],
  overflow: ['went elsewhere', 'pasa a otro destino'],
  'queue-full': ['the queue was full', 'la cola estaba llena'],
  'queue-unavailable': ['nobody could be waited for just then', 'en ese momento no se podía esperar a nadie'],
  rejected: ['rejected', 'rechazada'],
  served: ['served', 'atendida'],
  'store-unavailable': ['the record was away', 'el registro no respondía'],
  superseded: ['no longer needed', 'ya no hace falta'],
  talked: ['they talked', 'han hablado'],
  'too-many-waiting': ['too many were waiting', 'esperaban demasiados'],
  transferred: ['transferred', 'transferida'],
  unreachable: ['could not be reached', 'no se ha podido localizar'],
  withdrawn: ['withdrawn', 'retirada'],
};

/** A reason unknown here (an older or newer record, a cause of the network) is told by its name. */
export function reasonText(reason: string, language: Language): string {
  const words = Object.hasOwn(REASONS, reason) ? REASONS[reason] : undefined;
  return words?.[language === 'es' ? 1 : 0] ?? reason;
}
