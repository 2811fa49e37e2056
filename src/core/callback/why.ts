// Why a promised call-back has not been made yet, as sentences for a supervisor.
import { DateTime } from 'luxon';
import type { PromisedCallback } from '../interaction/callback.js';
import type { Language } from '../interaction/language.js';
import { reasonText } from '../interaction/timeline/reasons.js';

export interface CallbackScene {
  readonly callback: PromisedCallback;
  /** Why the last attempt was in vain; absent: there was none. */
  readonly lastFailure?: string;
  readonly nowMs: number;
  readonly timeZone: string;
}

/** Most important first. Why it waits in its queue, while it does, is for the queue to say. */
export function callbackWhy(scene: CallbackScene, language: Language): string[] {
  const { callback, lastFailure, nowMs, timeZone } = scene;
  const { queue, dueAtMs, seniorityMs, attempts, owner } = callback;
  const es = language === 'es';
  const at = (ms: number): string => timeText(ms, nowMs, timeZone, language);
  const lines: string[] = [];
  switch (callback.state) {
    case 'dialling':
      lines.push(
        es
          ? `${callback.agent} está llamando al cliente ahora, intento ${attempts}.`
          : `${callback.agent} is calling the customer now, attempt ${attempts}.`,
      );
      break;
    case 'waiting':
      lines.push(
        es
          ? `Espera en la cola ${queue}, en el puesto que tenía a las ${at(seniorityMs)}.`
          : `It waits in the queue ${queue}, at the place it had at ${at(seniorityMs)}.`,
      );
      break;
    case 'requested':
      if (dueAtMs > nowMs) {
        lines.push(
          es
            ? `Está prometida para las ${at(dueAtMs)}; antes no se marca.`
            : `It is promised for ${at(dueAtMs)}; nobody dials before.`,
        );
      } else {
        lines.push(
          es
            ? `Toca desde las ${at(dueAtMs)}: toma su puesto en la cola ${queue} en unos segundos.`
            : `It is due since ${at(dueAtMs)}: it takes its place in the queue ${queue} within seconds.`,
        );
      }
  }
  if (callback.state !== 'dialling' && attempts > 0) {
    const why = lastFailure === undefined ? '' : `: ${reasonText(lastFailure, language)}`;
    lines.push(
      es
        ? `Ya se intentó ${attempts} ${attempts === 1 ? 'vez' : 'veces'}${why}.`
        : `It was tried ${attempts} ${attempts === 1 ? 'time' : 'times'}${why}.`,
    );
  }
  if (owner !== undefined && owner.untilMs > nowMs) {
    const until = at(owner.untilMs);
    lines.push(
      es ? `Se guarda para ${owner.agent} hasta las ${until}.` : `It is kept for ${owner.agent} until ${until}.`,
    );
  }
  return lines;
}

/** With the day, when it is not today. */
function timeText(ms: number, nowMs: number, zone: string, language: Language): string {
  const then = DateTime.fromMillis(ms, { zone });
  const isToday = then.hasSame(DateTime.fromMillis(nowMs, { zone }), 'day');
  return then.setLocale(language).toFormat(isToday ? 'HH:mm' : 'HH:mm (ccc d LLL)');
}
