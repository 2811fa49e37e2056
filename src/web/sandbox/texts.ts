// Texts of the tour.
import type { WireAgent } from '../../contract/agent.js';
import type { PhoneFailure } from '../phone/phone-view.js';
import type { Texts } from '../texts/language.js';
import type { Hindrance, Step } from './progress.js';

interface StepText {
  readonly title: string;
  readonly how: string;
}

const es = {
  title: 'Pruébelo',
  intro:
    'Aquí es usted dos personas: el cliente que llama y la agente que contesta. Todo es real: la llamada, el menú, la cola, el mensaje.',
  tour: 'Recorrido',
  stepOf: (at: number, all: number) => `Paso ${at} de ${all}`,
  done: 'hecho',
  present: 'ahora',
  allDone: 'Ya está: un solo hilo',
  allDoneHow: (reference: string) =>
    `Una llamada, un mensaje y una devolución de llamada, y todo es el mismo asunto: ${reference}. Ahí lo tiene entero. Siga jugando o empiece otra vez.`,
  restart: 'Empezar otra vez',
  restarting: 'Un momento…',
  steps: {
    call: {
      title: 'Llame',
      how: 'Pulse «Llamar» en el teléfono del cliente. El navegador pedirá el micrófono; sin él también funciona, solo que nadie le oirá.',
    },
    press: { title: 'Pulse 1', how: 'Ha contestado el menú. Escúchelo, o pulse ya el 1: soporte.' },
    'give-up': {
      title: 'Cuelgue antes',
      how: 'Ana es quien mejor puede ayudarle y su teléfono suena. No conteste todavía: cuelgue como cliente, a los cinco segundos.',
    },
    reply: { title: 'Responda 1', how: 'Nadie se pierde: ha llegado un mensaje. Respóndalo con un 1 y le llaman.' },
    'call-back': { title: 'Ana llama', how: 'La devolución de llamada suena primero en Ana. Conteste como ella.' },
    talk: { title: 'Conteste', how: 'Ahora suena el teléfono del cliente. Conteste.' },
    'hang-up': {
      title: 'Hablen y cuelguen',
      how: 'Ana y el cliente hablan. Cambie los auriculares de lado si quiere; después cuelgue.',
    },
  } satisfies Record<Step, StepText>,
  detours: {
    'too-soon': 'Ha colgado tan pronto que no sigue ningún mensaje: llame otra vez y espere cinco segundos.',
    served:
      'Ana le ha atendido: no se ha perdido nada y no hay mensaje. Llame otra vez, y cuelgue antes de que conteste.',
  },
  hindrances: {
    resting: 'Ana no está disponible, así que no le suena nada: pulse «Disponible otra vez» en su teléfono.',
    busy: 'Ana está con otra persona o termina su tarea: en cuanto quede libre le suena. Si espera como cliente, puede colgar ya: el mensaje llega igual.',
  } satisfies Record<Hindrance, string>,
  customer: 'Cliente',
  agentRole: 'Agente',
  phoneOf: (who: string) => `Teléfono de ${who}`,
  yourNumber: 'Su número',
  call: (number: string) => `Llamar al ${number}`,
  callSilently: 'Llamar sin micrófono',
  answer: 'Contestar',
  refuse: 'Rechazar',
  hangUp: 'Colgar',
  keypad: 'Teclado',
  calling: 'Llamando…',
  ringing: (from: string) => `Suena: ${from}`,
  talking: 'En llamada',
  idle: 'Colgado',
  ended: 'La llamada ha terminado',
  connecting: 'Conectando el teléfono…',
  callFrom: (number: string) => `Llamada de ${number}`,
  queue: (name: string) => `Cola ${name}`,
  reference: (reference: string) => `Asunto ${reference}`,
  hears: 'Lo que se oye aquí',
  headset: 'Auriculares',
  headsetAt: 'Los auriculares están en',
  noMicrophone: 'Sin micrófono: oye todo, pero no le oyen. Lo demás funciona igual.',
  askAgain: 'Volver a pedir el micrófono',
  failures: {
    'no-microphone': 'El navegador no deja usar el micrófono.',
    unreachable: 'No se llega al servidor SIP. Se vuelve a intentar.',
    refused: 'El servidor no acepta este teléfono: empiece otra vez.',
    'no-device': 'No hay ningún teléfono para esta persona.',
  } satisfies Record<PhoneFailure, string>,
  ready: 'Disponible otra vez',
  states: {
    offline: 'Desconectada',
    available: 'Disponible',
    break: 'En pausa',
    ringing: 'Sonando',
    busy: 'En llamada',
    'wrap-up': 'Termina su tarea',
  } satisfies Record<WireAgent['state'], string>,
  messages: 'Mensajes',
  noMessages: 'Todavía no hay mensajes.',
  write: 'Escriba a Hilo',
  send: 'Enviar',
  quick: 'Responder 1',
  fromHilo: 'Hilo',
  fromYou: 'Usted',
  thread: 'El hilo',
  noThread: 'Aquí crecerá la historia de la llamada, línea a línea.',
  closed: 'No se puede probar aquí',
  closedWhy:
    'Solo se puede probar sin cuenta en la misma máquina en la que corre Hilo, y mientras centre.yaml tenga «try-out» y el canal de los mensajes sea «sandbox».',
  over: 'Esta visita ha terminado.',
  failed: 'Algo ha fallado',
};

export const tourTexts: Texts<typeof es> = {
  es,
  en: {
    title: 'Try it',
    intro:
      'Here you are two people: the customer who calls and the agent who answers. All of it is real: call, menu, queue, message.',
    tour: 'Tour',
    stepOf: (at, all) => `Step ${at} of ${all}`,
    done: 'done',
    present: 'now',
    allDone: 'That is it: one thread',
    allDoneHow: (reference) =>
      `A call, a message and a call-back, and all of it is one matter: ${reference}. There is the whole of it. Go on playing, or start again.`,
    restart: 'Start again',
    restarting: 'One moment…',
    steps: {
      call: {
        title: 'Call',
        how: 'Press “Call” on the customer’s phone. The browser asks for the microphone; it works without one too, only nobody hears you.',
      },
      press: { title: 'Press 1', how: 'The menu has answered. Listen to it, or press 1 at once: support.' },
      'give-up': {
        title: 'Hang up early',
        how: 'Ana can help best, and her phone rings. Do not answer yet: hang up as the customer, after five seconds.',
      },
      reply: { title: 'Reply 1', how: 'Nobody is lost: a message has come. Reply with a 1 and you are called.' },
      'call-back': { title: 'Ana calls', how: 'The call-back rings at Ana first. Answer as Ana.' },
      talk: { title: 'Answer', how: 'Now the customer’s phone rings. Answer it.' },
      'hang-up': {
        title: 'Talk, then hang up',
        how: 'Ana and the customer are talking. Move the headset if you like; then hang up.',
      },
    },
    detours: {
      'too-soon': 'You hung up so soon that no message follows: call again and wait for five seconds.',
      served:
        'Ana has served you: nothing is lost, and no message follows. Call again, and hang up before she answers.',
    },
    hindrances: {
      resting: 'Ana is not available, so nothing rings there: press “Available again” on her phone.',
      busy: 'Ana is with somebody else or wraps up: it rings as soon as she is free. While you wait as the customer you may hang up already: the message comes all the same.',
    },
    customer: 'Customer',
    agentRole: 'Agent',
    phoneOf: (who) => `Phone: ${who}`,
    yourNumber: 'Your number',
    call: (number) => `Call ${number}`,
    callSilently: 'Call without microphone',
    answer: 'Answer',
    refuse: 'Refuse',
    hangUp: 'Hang up',
    keypad: 'Keypad',
    calling: 'Calling…',
    ringing: (from) => `Ringing: ${from}`,
    talking: 'In a call',
    idle: 'On the hook',
    ended: 'The call has ended',
    connecting: 'Connecting the phone…',
    callFrom: (number) => `Call from ${number}`,
    queue: (name) => `Queue ${name}`,
    reference: (reference) => `Matter ${reference}`,
    hears: 'What is heard here',
    headset: 'Headset',
    headsetAt: 'The headset is at',
    noMicrophone: 'No microphone: you hear everything, but nobody hears you. All the rest works.',
    askAgain: 'Ask for the microphone again',
    failures: {
      'no-microphone': 'The browser does not let the page use the microphone.',
      unreachable: 'The SIP server is not reached. Trying again.',
      refused: 'The server does not take this phone: start again.',
      'no-device': 'There is no phone for this person.',
    },
    ready: 'Available again',
    states: {
      offline: 'Offline',
      available: 'Available',
      break: 'On a break',
      ringing: 'Ringing',
      busy: 'In a call',
      'wrap-up': 'Wrapping up',
    },
    messages: 'Messages',
    noMessages: 'No messages yet.',
    write: 'Write to Hilo',
    send: 'Send',
    quick: 'Reply 1',
    fromHilo: 'Hilo',
    fromYou: 'You',
    thread: 'The thread',
    noThread: 'The story of the call will grow here, line by line.',
    closed: 'It cannot be tried here',
    closedWhy:
      'Without an account it can be tried only at the very machine that runs Hilo, while centre.yaml has “try-out” and the channel for messages is “sandbox”.',
    over: 'This visit is over.',
    failed: 'Something went wrong',
  },
};
