// The words in which a choice is explained to people: filters, values, strategies.
import { DateTime } from 'luxon';
import type { Language } from '../../interaction/language.js';
import { byWeight, type Values } from './strategy.js';

const FILTERS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    offline: 'is offline',
    break: 'is on a break',
    ringing: 'has another call ringing',
    busy: 'is talking',
    'wrap-up': 'is in wrap-up',
    'backing-off': 'rests after an offer that was not taken',
    offered: 'is offered it now',
    full: 'has as many as may be',
    'on-message': 'is answering messages',
    'on-task': 'is on a task',
    'outside-ring': 'comes in with a wider ring',
    'team-later': 'belongs to a team that comes in later',
    'own-call': 'is the caller',
    'refused-this': 'did not take it a moment ago',
    'not-preferred': 'it is kept for another agent',
    taken: 'got another one in the same round',
    'missing-skill': 'does not have the skill',
  },
  es: {
    offline: 'no está conectado',
    break: 'está en pausa',
    ringing: 'tiene otra llamada sonando',
    busy: 'está hablando',
    'wrap-up': 'está en tareas posteriores',
    'backing-off': 'descansa tras no coger una oferta',
    offered: 'la tiene ofrecida ahora',
    full: 'tiene tantos como puede llevar',
    'on-message': 'está atendiendo mensajes',
    'on-task': 'está con una tarea',
    'outside-ring': 'entra en un anillo más amplio',
    'team-later': 'es de un equipo que entra más tarde',
    'own-call': 'es quien llama',
    'refused-this': 'no la ha cogido hace un momento',
    'not-preferred': 'se reserva para otro agente',
    taken: 'recibió otra en la misma ronda',
    'missing-skill': 'no tiene la habilidad',
  },
};

interface How {
  readonly timeZone: string;
  /** To the millisecond: what decides may be less than a second apart. */
  readonly exact: boolean;
}

const VALUES: Readonly<Record<Language, Readonly<Record<string, (value: number, how: How) => string>>>> = {
  en: {
    open: (value) => `${value} open already`,
    idleMs: (value, how) => `idle for ${seconds(value, how)}`,
    skillLevel: (value) => `skill level ${value}`,
    lastOfferedMs: (value, how) => (value === 0 ? 'not offered anything yet' : `last offered at ${moment(value, how)}`),
    calls: (value) => `${value} calls today`,
    talkMs: (value, how) => `${seconds(value, how)} talked today`,
    draw: (value) => `drew ${value.toFixed(3)}`,
    race: (value) => `drew ${value.toFixed(3)} by weight`,
    place: (value) => `place ${value + 1} in the order`,
  },
  es: {
    open: (value) => `${value} ya abiertas`,
    idleMs: (value, how) => `libre desde hace ${seconds(value, how)}`,
    skillLevel: (value) => `nivel ${value}`,
    lastOfferedMs: (value, how) => (value === 0 ? 'sin ofertas todavía' : `última oferta a las ${moment(value, how)}`),
    calls: (value) => `${value} llamadas hoy`,
    talkMs: (value, how) => `${seconds(value, how)} de conversación hoy`,
    draw: (value) => `sacó ${value.toFixed(3)}`,
    race: (value) => `sacó ${value.toFixed(3)} según su peso`,
    place: (value) => `puesto ${value + 1} en el orden`,
  },
};

const STRATEGIES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: {
    'longest-idle': 'longest idle',
    'round-robin': 'round robin',
    'fewest-calls': 'fewest calls',
    'least-talk-time': 'least talk time',
    random: 'random (the lowest draw goes first)',
    weighted: 'weighted chance (the lowest draw goes first)',
    'top-down': 'top down',
    'ring-all': 'ring all',
  },
  es: {
    'longest-idle': 'más tiempo libre',
    'round-robin': 'por turnos',
    'fewest-calls': 'menos llamadas',
    'least-talk-time': 'menos tiempo de conversación',
    random: 'al azar (gana el número más bajo)',
    weighted: 'al azar con pesos (gana el número más bajo)',
    'top-down': 'en orden fijo',
    'ring-all': 'suenan todos',
  },
};

/** `is talking`; a filter unknown here (an older or newer record) is told by its name. */
export function filterText(filter: string, language: Language): string {
  return FILTERS[language][filter] ?? filter;
}

export function strategyText(strategy: string, language: Language): string {
  return STRATEGIES[language][strategy] ?? strategy;
}

/** `idle for 81 s, skill level 3`: in order of weight, times on the clock of that zone. */
export function valuesText(values: Values, language: Language, timeZone: string): string {
  return byWeight(values)
    .map(([name, value]) => valueText(name, value, language, { timeZone, exact: false }))
    .join(', ');
}

/** The value of most weight in which two differ, of each; undefined: there is none, so the names decided. */
export function decidingText(
  first: Values,
  second: Values,
  language: Language,
  timeZone: string,
): { readonly first: string; readonly second: string } | undefined {
  const deciding = byWeight(first).find(([name, value]) => second[name] !== value);
  if (deciding === undefined) return undefined;
  const [name, value] = deciding;
  const other = second[name] ?? 0;
  const [a, b] = [value, other].map((one) => valueText(name, one, language, { timeZone, exact: false }));
  const exact = { timeZone, exact: a === b };
  return { first: valueText(name, value, language, exact), second: valueText(name, other, language, exact) };
}

/** `12:00:20` */
export function clock(ms: number, timeZone: string): string {
  return DateTime.fromMillis(ms, { zone: timeZone }).toFormat('HH:mm:ss');
}

function valueText(name: string, value: number, language: Language, how: How): string {
  return VALUES[language][name]?.(value, how) ?? `${name} ${value}`;
}

function moment(ms: number, { timeZone, exact }: How): string {
  return exact ? DateTime.fromMillis(ms, { zone: timeZone }).toFormat('HH:mm:ss.SSS') : clock(ms, timeZone);
}

function seconds(ms: number, { exact }: How): string {
  return `${exact ? (ms / 1000).toFixed(3) : Math.round(ms / 1000)} s`;
}
