import { describe, expect, it } from 'vitest';
import type { InteractionEvent, LeaveReason } from '../../../src/core/interaction/event.js';
import { languageOf } from '../../../src/core/interaction/language.js';
import { english } from '../../../src/core/interaction/timeline/english.js';
import { reasonText } from '../../../src/core/interaction/timeline/reasons.js';
import { durationText } from '../../../src/core/interaction/timeline/sentences.js';
import { spanish } from '../../../src/core/interaction/timeline/spanish.js';
import { sentenceOf, timeline } from '../../../src/core/interaction/timeline/timeline.js';
import type { LimitName } from '../../../src/core/ivr/session.js';
import type { DeclineReason } from '../../../src/core/policy/abandoned-call.js';
import { NO_REASON } from '../../support/floor.js';
import { at, record, recovered } from '../../support/record.js';

describe('the story told to people', () => {
  it('of a recovered call in Spanish', () => {
    expect(timeline(record(recovered), 'es').map(({ text }) => text)).toEqual([
      'Abierta como H-7K3Q-X2PD para +34600123456 (voice).',
      'Llamada de +34600123456 al 1000 por lab.',
      'La llamada se ha contestado.',
      'Entra en el flujo main (es).',
      'Espera en la cola support.',
      'Sale de la cola support tras 45 s: ha colgado quien llamaba.',
      'Llamada terminada por el cliente: abandonada (ha colgado quien llamaba).',
      'Mensaje al +34600123456 por sandbox: «Responda 1 y le llamamos.»',
      'Se ofrece una devolución de support.',
      'Mensaje entregado.',
      '+34600123456 ha escrito por sandbox: «1»',
      'Devolución al +34600123456 pedida para 2026-01-05T09:02:00.000Z.',
      'La devolución espera en la cola support.',
      'Ofrecida a ana.',
      'Sale de la cola support tras 13 s: conectada con un agente.',
      'Intento 1 de devolución con ana.',
      'Se devuelve la llamada al cliente en el +34600123456.',
      'La llamada se ha contestado.',
      'Conectada con ana tras 13 s de espera.',
      'Devolución terminada (conectada con un agente): han hablado.',
      'Llamada terminada por el agente: atendida (ha colgado), conversación de 1 min 00 s.',
      'ana termina las tareas posteriores en 10 s.',
      'Cerrada: atendida.',
    ]);
  });

  it('keeps version and time of each event', () => {
    expect(timeline(record(recovered), 'en').at(4)).toEqual({
      version: 5,
      atMs: at(10),
      type: 'queued',
      text: 'Waits in the queue support.',
    });
  });

  it.each([
    [{ step: 'main/ask-pin', outcome: 'key:1' }, 'Step “Ask pin”: pressed 1.', 'Paso «Ask pin»: ha pulsado 1.'],
    [
      { step: 'main/menu', outcome: 'time-out', name: 'Menú principal' },
      'Step “Menú principal”: no answer.',
      'Paso «Menú principal»: sin respuesta.',
    ],
    [
      { step: 'main/person', outcome: 'not-served:too-many-waiting' },
      'Step “Person”: not served (too many were waiting).',
      'Paso «Person»: sin atender (esperaban demasiados).',
    ],
    [{ step: 'main/bot', outcome: 'wants-invoice' }, 'Step “Bot”: wants-invoice.', 'Paso «Bot»: wants-invoice.'],
  ])('tells a step of a flow by its title, as it was called in the revision that was run: %o', (data, en, es) => {
    const event: InteractionEvent = { type: 'flow-step', data: { segment: 's', ...data } };
    expect([sentenceOf(event, 'en'), sentenceOf(event, 'es')]).toEqual([en, es]);
    expect(timeline(record([[0, event]]), 'en')[0]?.step).toBe(data.step);
  });

  it('tells a step by the title that the flow gives it, in the language of the reader', () => {
    const titles = (place: string, language: string) => (place === 'main/menu' ? `Menu (${language})` : undefined);
    const step: InteractionEvent = {
      type: 'flow-step',
      data: { segment: 's', step: 'main/menu', outcome: 'key:1', name: 'old' },
    };
    const gone: InteractionEvent = {
      type: 'flow-step',
      data: { segment: 's', step: 'main/gone', outcome: 'key:1', name: 'old' },
    };
    const limit: InteractionEvent = {
      type: 'flow-limit-hit',
      data: { segment: 's', step: 'main/menu', limit: 'too-often-here', to: 'end' },
    };
    const events = record([
      [0, step],
      [1, gone],
      [2, limit],
    ]);
    expect(timeline(events, 'es', titles).map(({ text }) => text)).toEqual([
      'Paso «Menu (es)»: ha pulsado 1.',
      'Paso «Old»: ha pulsado 1.',
      expect.stringContaining('«Menu (es)»'),
    ]);
    expect(timeline(events, 'en', titles)[0]?.text).toBe('Step “Menu (en)”: pressed 1.');
    expect(events[0]?.event).toEqual(step);
  });

  it('tells of a visitor of a web page, not of the address that Hilo has made for them', () => {
    const visitor = `web-${'kdpa'.repeat(6)}`;
    const opened: InteractionEvent = {
      type: 'interaction-opened',
      data: { reference: 'H-1', contact: visitor, address: { channel: 'chat', value: visitor } },
    };
    const wrote: InteractionEvent = {
      type: 'message-received',
      data: { segment: 's', message: 'm', channel: 'chat', from: visitor, text: 'Hola' },
    };
    expect([sentenceOf(opened, 'en'), sentenceOf(opened, 'es')]).toEqual([
      'Opened as H-1 for Visitor KDPA (chat).',
      'Abierta como H-1 para Visitante KDPA (chat).',
    ]);
    expect(sentenceOf(wrote, 'es')).toContain('Visitante KDPA ha escrito por chat');
    expect(sentenceOf({ ...wrote, data: { ...wrote.data, writer: { name: 'Eva' } } }, 'en')).toContain('Eva wrote');
  });

  it('tells how a line sounded, by the worse of its two ways', () => {
    const good = {
      segment: 's',
      party: 'customer',
      packets: 900,
      lossPercent: 0.1,
      jitterMs: 3,
      opinion: 4.38,
    } as const;
    const event: InteractionEvent = { type: 'leg-quality', data: good };
    expect(sentenceOf(event, 'en')).toBe('The customer’s line was good (4.4 of 4.4).');
    expect(sentenceOf(event, 'es')).toBe('La línea del cliente se oía bien (4,4 de 4,4).');
    const reported = { lossPercent: 12.34, opinion: 2.9, roundTripMs: 80 };
    const bad: InteractionEvent = { type: 'leg-quality', data: { ...good, party: 'other-side', reported } };
    expect(sentenceOf(bad, 'en')).toBe('The line of the other side was bad: 2.9 of 4.4, 12.3 % of the sound lost.');
    expect(sentenceOf(bad, 'es')).toBe(
      'La línea de la otra parte se oía mal: 2,9 de 4,4, perdido el 12,3 % del sonido.',
    );
  });

  it('says why somebody got the call', () => {
    const why = {
      ...NO_REASON,
      candidates: [
        { agent: 'ana', values: { idleMs: 81_000 } },
        { agent: 'bruno', values: { idleMs: 3_000 } },
      ],
    };
    const event: InteractionEvent = {
      type: 'offered',
      data: { entry: 'e', offer: 'o', queue: 'q', agent: 'ana', why },
    };
    expect(sentenceOf(event, 'en')).toBe('Offered to ana, idle for 1 min 21 s, before bruno.');
    expect(sentenceOf(event, 'es')).toBe('Ofrecida a ana, libre desde hace 1 min 21 s, antes que a bruno.');
  });

  it('says of each who is rung together how long that one was idle, and beside whom', () => {
    const candidates = ['ana', 'bruno', 'carla'].map((agent, n) => ({
      agent,
      values: { idleMs: 30_000 - n * 10_000 },
    }));
    const why = { ...NO_REASON, strategy: 'ring-all', candidates, together: 2 };
    const event: InteractionEvent = {
      type: 'offered',
      data: { entry: 'e', offer: 'o', queue: 'q', agent: 'bruno', why },
    };
    expect(sentenceOf(event, 'en')).toBe('Offered to bruno, idle for 20 s, together with ana, before carla.');
    expect(sentenceOf(event, 'es')).toBe(
      'Ofrecida a bruno, libre desde hace 20 s, a la vez que a ana, antes que a carla.',
    );
  });

  it('calls what waits by its name', () => {
    const queued = (kind: 'callback' | 'message' | 'task'): InteractionEvent => ({
      type: 'queued',
      data: { segment: 's', entry: 'e', queue: 'q', priority: 5, seniorityMs: 0, kind },
    });
    expect((['callback', 'message', 'task'] as const).map((kind) => sentenceOf(queued(kind), 'es'))).toEqual([
      'La devolución espera en la cola q.',
      'El mensaje espera en la cola q.',
      'La tarea espera en la cola q.',
    ]);
    expect(sentenceOf(queued('task'), 'en')).toBe('The task waits in the queue q.');
  });

  it('has words in both languages for every limit of a flow and every reason to send no message', () => {
    const limits: Readonly<Record<LimitName, true>> = {
      ...{ 'too-many-steps': true, 'too-long-without-input': true, 'too-often-here': true },
      ...{ 'too-long-in-flow': true, 'flows-too-deep': true },
    };
    const declined: Readonly<Record<DeclineReason, true>> = {
      ...{ served: true, 'in-call': true, 'short-abandon': true, 'never-queued': true, 'already-pending': true },
      ...{ 'anonymous-caller': true, 'consent-withdrawn': true, 'no-consent': true, 'cool-down': true },
      'not-messageable': true,
    };
    for (const reason of [...Object.keys(limits), ...Object.keys(declined)]) {
      expect(reasonText(reason, 'es')).not.toBe(reason);
    }
    const event: InteractionEvent = {
      type: 'flow-limit-hit',
      data: { segment: 's', step: 'main/menu', limit: 'too-often-here', to: 'queue' },
    };
    expect(sentenceOf(event, 'en')).toBe(
      'The flow reached its limit at “Menu” (at the same step too often): sent to the queue for such calls.',
    );
    expect(sentenceOf(event, 'es')).toContain('(demasiadas veces en el mismo paso)');
  });

  it('has words in both languages for every reason to leave a queue, and the name of one it does not know', () => {
    const reasons: Readonly<Record<LeaveReason, true>> = {
      ...{ connected: true, overflow: true, 'caller-hung-up': true, 'max-wait': true, 'exit-key': true },
      ...{ 'node-lost': true, superseded: true, 'agent-left': true, held: true, 'nobody-signed-in': true },
      ...{ 'customer-not-reached': true, 'answered-elsewhere': true, moved: true },
    };
    for (const reason of Object.keys(reasons)) {
      expect(reasonText(reason, 'es')).not.toBe(reason);
      expect(reasonText(reason, 'es')).not.toBe(reasonText(reason, 'en'));
    }
    expect(reasonText('Q.850;cause=34', 'es')).toBe('Q.850;cause=34');
    expect(reasonText('constructor', 'es')).toBe('constructor');
  });

  it('has a sentence for the same events in both languages', () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(spanish).sort());
  });

  it('names an event that a newer node wrote, and one with an inherited name', () => {
    for (const type of ['customer-applauded', 'constructor']) {
      const event = { type, data: {} } as unknown as InteractionEvent;
      expect(sentenceOf(event, 'en')).toBe(`Another event: ${type}`);
      expect(sentenceOf(event, 'es')).toBe(`Otro hecho: ${type}`);
    }
  });

  it.each([
    [400, '0 s'],
    [59_000, '59 s'],
    [65_000, '1 min 05 s'],
    [3_720_000, '1 h 02 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('speaks Spanish to those who do and English to the rest', () => {
    expect(['es', 'es-MX', 'ES_AR', 'en', 'est', 'fr', ''].map(languageOf)).toEqual([
      'es',
      'es',
      'en',
      'en',
      'en',
      'en',
      'en',
    ]);
  });
});
