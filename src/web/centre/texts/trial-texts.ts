// Words of trying a channel out.
import type { Texts } from '../../texts/language.js';

const es = {
  to: 'Su número',
  send: 'Enviar un mensaje de prueba',
  taken: (number: string, id: string) =>
    `El proveedor lo ha aceptado para ${number} (${id}). Si no llega, pregúntele con ese identificador.`,
  template: 'Ha salido con la plantilla hilo_information, que tiene que estar aprobada.',
  reasons: {
    'not-a-number': 'Eso no es un número de teléfono.',
    'premium-number': 'No se escribe a números de tarifa especial.',
    'prefix-not-allowed': 'El centro no permite ese país o prefijo.',
    'prefix-denied': 'El centro no permite ese prefijo.',
    'too-many-requests': 'Se han enviado demasiados mensajes de prueba; inténtelo dentro de una hora.',
    'not-found': 'Este canal no está configurado.',
    'message-refused': 'El proveedor no lo ha aceptado:',
    'message-not-sent': 'No se ha podido llegar al proveedor:',
  } as Readonly<Record<string, string>>,
};

export type TrialTexts = typeof es;

const en: TrialTexts = {
  to: 'Your number',
  send: 'Send a test message',
  taken: (number, id) =>
    `The provider has taken it for ${number} (${id}). If it does not arrive, ask them about it by that id.`,
  template: 'It went as the template hilo_information, which has to be approved.',
  reasons: {
    'not-a-number': 'That is not a telephone number.',
    'premium-number': 'Numbers with special charges are not written to.',
    'prefix-not-allowed': 'The centre does not allow that country or prefix.',
    'prefix-denied': 'The centre does not allow that prefix.',
    'too-many-requests': 'Too many test messages were sent; try again in an hour.',
    'not-found': 'This channel is not set up.',
    'message-refused': 'The provider did not take it:',
    'message-not-sent': 'The provider could not be reached:',
  },
};

export const trialTexts: Texts<TrialTexts> = { es, en };
