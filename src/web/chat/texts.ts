// What the chat says by itself, in Spanish and English.
import type { WireChatNews } from '../../contract/chat/chat.js';

type State = Extract<WireChatNews, { type: 'state' }>;

export interface ChatTexts {
  readonly close: string;
  readonly log: string;
  readonly text: string;
  readonly send: string;
  readonly attach: string;
  readonly name: string;
  readonly number: string;
  readonly callMe: string;
  readonly phone: string;
  readonly askCall: string;
  readonly asking: string;
  readonly sending: string;
  readonly uploading: string;
  readonly you: string;
  readonly us: string;
  readonly download: (name: string, size: string) => string;
  readonly closed: (opens: string | undefined) => string;
  readonly standing: (state: State, opens: string | undefined) => string;
  readonly promised: (number: string, when: string | undefined) => string;
  readonly connecting: string;
  readonly notKept: string;
  readonly gone: string;
  readonly faults: Readonly<Record<'number' | 'busy' | 'large' | 'kind' | 'ringing' | 'other', string>>;
}

const es: ChatTexts = {
  close: 'Cerrar el chat',
  log: 'Mensajes',
  text: 'Escriba su mensaje',
  send: 'Enviar',
  attach: 'Adjuntar un archivo',
  name: 'Su nombre (opcional)',
  number: 'Su teléfono (opcional)',
  callMe: 'Prefiero que me llamen',
  phone: 'A qué número',
  askCall: 'Pedir la llamada',
  asking: 'Un momento…',
  sending: 'Enviando…',
  uploading: 'Subiendo el archivo…',
  you: 'Usted',
  us: 'Nosotros',
  download: (name, size) => `Descargar ${name} (${size})`,
  closed: (opens) =>
    `Ahora está cerrado${opens === undefined ? '' : `; abrimos ${opens}`}. Escríbanos y le contestamos aquí.`,
  standing: ({ talk, opening }, opens) => {
    switch (talk.state) {
      case 'none':
        return opening.open ? '' : es.closed(opens);
      case 'waiting': {
        if (!opening.open)
          return `Su mensaje está guardado. Está cerrado${opens === undefined ? '' : `; abrimos ${opens}`}.`;
        if (talk.ahead === undefined) return 'Hemos recibido su mensaje.';
        return talk.ahead === 0 ? 'Es su turno: le atendemos enseguida.' : `Por delante de usted: ${talk.ahead}.`;
      }
      case 'talking':
        return `Le atiende ${talk.agent}.`;
      case 'over':
        return 'La conversación ha terminado. Si necesita algo más, escriba.';
    }
  },
  promised: (number, when) => `Le llamaremos al ${number}${when === undefined ? ' en cuanto podamos' : ` ${when}`}.`,
  connecting: 'Sin conexión; se vuelve a conectar…',
  notKept: 'Este navegador no guarda nada: si sale de la página, la conversación se pierde.',
  gone: 'No se ha podido cargar el chat. Pruebe más tarde.',
  faults: {
    number: 'A ese número no se puede llamar. Corríjalo o déjelo vacío.',
    busy: 'Demasiado seguido. Espere un momento.',
    large: 'El archivo es demasiado grande.',
    kind: 'Ese tipo de archivo no se admite.',
    ringing: 'Le estamos llamando en este momento.',
    other: 'No se ha podido enviar. Pruebe otra vez.',
  },
};

const en: ChatTexts = {
  close: 'Close the chat',
  log: 'Messages',
  text: 'Write your message',
  send: 'Send',
  attach: 'Attach a file',
  name: 'Your name (optional)',
  number: 'Your telephone (optional)',
  callMe: 'Call me instead',
  phone: 'At which number',
  askCall: 'Ask for the call',
  asking: 'One moment…',
  sending: 'Sending…',
  uploading: 'Uploading the file…',
  you: 'You',
  us: 'We',
  download: (name, size) => `Download ${name} (${size})`,
  closed: (opens) => `Closed now${opens === undefined ? '' : `; we open ${opens}`}. Write to us and we answer here.`,
  standing: ({ talk, opening }, opens) => {
    switch (talk.state) {
      case 'none':
        return opening.open ? '' : en.closed(opens);
      case 'waiting': {
        if (!opening.open) return `Your message is kept. Closed now${opens === undefined ? '' : `; we open ${opens}`}.`;
        if (talk.ahead === undefined) return 'We have your message.';
        return talk.ahead === 0 ? 'You are next.' : `Ahead of you: ${talk.ahead}.`;
      }
      case 'talking':
        return `${talk.agent} is with you.`;
      case 'over':
        return 'The conversation is over. Write if there is anything else.';
    }
  },
  promised: (number, when) => `We will call ${number}${when === undefined ? ' as soon as we can' : ` ${when}`}.`,
  connecting: 'No connection; connecting again…',
  notKept: 'This browser keeps nothing: when you leave the page, the conversation is lost.',
  gone: 'The chat could not be loaded. Try later.',
  faults: {
    number: 'That number cannot be called. Correct it or leave it empty.',
    busy: 'Too fast. Wait a moment.',
    large: 'The file is too large.',
    kind: 'Files of that kind are not taken.',
    ringing: 'We are calling you at this moment.',
    other: 'It could not be sent. Try again.',
  },
};

/** Languages of Spain are served in Spanish. */
export function textsFor(language: string): { readonly language: 'es' | 'en'; readonly texts: ChatTexts } {
  const short = language.slice(0, 2).toLowerCase();
  return ['es', 'ca', 'gl', 'eu'].includes(short) ? { language: 'es', texts: es } : { language: 'en', texts: en };
}

/** `mañana, 9:00`; undefined: now, or nobody knows. */
export function momentText(at: string | undefined, language: string, nowMs: number): string | undefined {
  if (at === undefined) return undefined;
  const atMs = Date.parse(at);
  if (!(atMs > nowMs + 60_000)) return undefined;
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  const date = isToday ? {} : ({ weekday: 'long', day: 'numeric', month: 'long' } as const);
  return new Intl.DateTimeFormat(language, { ...date, hour: 'numeric', minute: '2-digit' }).format(atMs);
}

/** `12 kB`, `1.4 MB`. */
export function sizeText(bytes: number, language: string): string {
  const [size, unit] = bytes < 1_000_000 ? [Math.max(1, Math.round(bytes / 1_000)), 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(size)} ${unit}`;
}
