// Texts of what begins, renames and ends a flow.
import type { Texts } from '../../texts/language.js';

const es = {
  create: 'Flujo nuevo…',
  createTitle: 'Un flujo nuevo',
  createAbout: 'Empieza como borrador en este navegador; nadie lo oye hasta que se publica y un número lleva a él.',
  name: 'Nombre',
  nameAbout: 'Letras, cifras, _ y -; así se llama también su fichero.',
  badName: 'Solo letras sin acento, cifras, _ y -, hasta 64, y la primera no puede ser un signo.',
  taken: (name: string) => `Ya hay un flujo «${name}».`,
  from: 'Empezar con',
  templates: {
    empty: 'Un paso que lleva a una persona',
    menu: 'Un menú con varias colas',
    hours: 'El horario: abierto, cerrado, festivo',
    collect: 'Pedir un número y después una persona',
    callback: 'Ofrecer que llamemos nosotros',
  },
  copyOf: (name: string) => `Una copia de ${name}`,
  begin: 'Empezar',
  cancel: 'Cancelar',
  acts: 'Acciones',
  actsOf: (name: string) => `Acciones con ${name}`,
  rename: 'Cambiar el nombre…',
  renameTitle: (name: string) => `Otro nombre para ${name}`,
  renameAbout:
    'Cambia en su texto, en sus pruebas y en todo lo que lo nombra, a la vez. Las llamadas de antes siguen en el historial con el nombre de entonces.',
  renameNow: 'Cambiar',
  remove: 'Borrar…',
  removeTitle: (name: string) => `Borrar ${name}`,
  removeAbout:
    'Con sus pruebas. Las llamadas que están en él siguen hasta el final; sus revisiones se conservan y se puede volver a publicar.',
  removeNow: 'Borrar',
  draftFirst: 'Tiene un borrador en este navegador: publíquelo o descártelo primero.',
  note: 'Nota: por qué',
  referredTo: 'Lo nombran',
  unreferred: 'Nada lo nombra.',
  stillReferred: 'Mientras algo lo nombre, no se puede borrar.',
  isDraftOnly: 'Solo borrador',
};

export const makingTexts: Texts<typeof es> = {
  es,
  en: {
    create: 'New flow…',
    createTitle: 'A new flow',
    createAbout:
      'It begins as a draft in this browser; nobody hears it until it is published and a number leads to it.',
    name: 'Name',
    nameAbout: 'Letters, digits, _ and -; its file is called so, too.',
    badName: 'Only plain letters, digits, _ and -, at most 64, beginning with a letter or digit.',
    taken: (name) => `There is a flow “${name}” already.`,
    from: 'Begin with',
    templates: {
      empty: 'One step that leads to a person',
      menu: 'A menu with several queues',
      hours: 'Opening hours: open, closed, holiday',
      collect: 'Ask for a number, then a person',
      callback: 'Offer to call back',
    },
    copyOf: (name) => `A copy of ${name}`,
    begin: 'Begin',
    cancel: 'Cancel',
    acts: 'Actions',
    actsOf: (name) => `Actions on ${name}`,
    rename: 'Rename…',
    renameTitle: (name) => `Another name for ${name}`,
    renameAbout:
      'It changes in its text, in its tests and in everything that names it, at once. Earlier calls stay in the history under the name of that time.',
    renameNow: 'Rename',
    remove: 'Delete…',
    removeTitle: (name) => `Delete ${name}`,
    removeAbout:
      'With its tests. Calls that are in it go on to their end; its revisions are kept, and it can be published again.',
    removeNow: 'Delete',
    draftFirst: 'It has a draft in this browser: publish or drop it first.',
    note: 'Note: why',
    referredTo: 'Named in',
    unreferred: 'Nothing names it.',
    stillReferred: 'While something names it, it cannot be deleted.',
    isDraftOnly: 'Draft only',
  },
};
