// Texts that a new flow may begin with: good as they are, with names of the centre.

export type Template = 'empty' | 'menu' | 'hours' | 'collect' | 'callback';
export const TEMPLATES: readonly Template[] = ['empty', 'menu', 'hours', 'collect', 'callback'];

/** What the centre has; where it has none, the mistake says so at its place. */
export interface CentreNames {
  readonly queues: readonly string[];
  readonly hours: readonly string[];
}

export function textOf(template: Template, name: string, { queues, hours }: CentreNames): string {
  const [first = 'support', second = first] = queues;
  const [office = 'office'] = hours;
  const body = BODIES[template]({ first, second, office });
  return `# yaml-language-server: $schema=../docs/schema/flow.schema.json
version: 1
name: ${name}
languages: [es, en]
${body}`;
}

/** Another flow under a new name; comments and all. */
export function copyOf(text: string, name: string): string {
  return text.replace(/^name:.*$/m, `name: ${name}`);
}

interface Filled {
  readonly first: string;
  readonly second: string;
  readonly office: string;
}

const BODIES: Readonly<Record<Template, (names: Filled) => string>> = {
  empty: ({ first }) => `start: welcome

steps:
  welcome:
    do: say
    say:
      es: Hola, le paso con una persona.
      en: Hello, I will put you through to a person.
    next: person

  person:
    do: queue
    queue: ${first}
`,
  menu: ({ first, second }) => `start: menu
fallback: person

steps:
  menu:
    do: menu
    say:
      es: >-
        Para la primera opción, pulse 1. Para la segunda, pulse 2.
        Para hablar con una persona, pulse 0.
      en: >-
        For the first option, press 1. For the second one, press 2.
        To speak to a person, press 0.
    wrong-key:
      es: Disculpe, esa opción no existe.
      en: Sorry, that is not one of the options.
    no-key:
      es: Disculpe, no hemos recibido su respuesta.
      en: Sorry, we did not get your answer.
    wait: 5s
    tries: 3
    keys:
      1: one
      2: two
      0: person
    otherwise: person

  one:
    do: queue
    queue: ${first}

  two:
    do: queue
    queue: ${second}

  person:
    do: queue
    queue: ${first}
`,
  hours: ({ first, office }) => `start: hours

steps:
  hours:
    do: hours
    hours: ${office}
    open: person
    closed: closed
    holiday: closed

  person:
    do: queue
    queue: ${first}

  closed:
    do: voicemail
    say:
      es: Ahora estamos cerrados. Deje su mensaje después de la señal.
      en: We are closed now. Leave your message after the tone.
    queue: ${first}
    next: thanks
    otherwise: thanks

  thanks:
    do: hangup
    say:
      es: Gracias por llamar. Hasta pronto.
      en: Thank you for calling. Goodbye.
`,
  collect: ({ first }) => `start: ask
variables:
  number: ''

steps:
  ask:
    do: gather
    say:
      es: Marque su número de cliente y termine con almohadilla.
      en: Enter your customer number and end with the hash key.
    min: 4
    max: 10
    into: number
    tries: 2
    next: person
    otherwise: person

  person:
    do: queue
    queue: ${first}
`,
  callback: ({ first }) => `start: offer

steps:
  offer:
    do: callback
    queue: ${first}
    say:
      es: Si prefiere que le llamemos en cuanto podamos, pulse 1. Para esperar a una persona, pulse 0.
      en: If you would like us to call you back as soon as we can, press 1. To wait for a person, press 0.
    times: { 1: soon, 0: no }
    confirm-number:
      es: Le llamaremos al {{ callback.number | phone }}. Si es correcto, pulse 1. Para darnos otro número, pulse 2.
      en: We will call {{ callback.number | phone }}. If that is right, press 1. To give us another number, press 2.
    ask-number:
      es: Marque el número y termine con almohadilla.
      en: Enter the number and end with the hash key.
    promised:
      es: De acuerdo, le llamaremos. Hasta pronto.
      en: All right, we will call you. Goodbye.
    otherwise: person

  person:
    do: queue
    queue: ${first}
`,
};
