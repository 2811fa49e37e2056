// People who write on a call instead of speaking, and are answered in writing.
import { describe, expect, test } from 'vitest';
import type { LegText } from '../../src/app/ports.js';
import { LINE_MAX, TextLines } from '../../src/app/writing/text-lines.js';
import { LINE_PAUSE_MS, Writing } from '../../src/app/writing/writing.js';
import type { InteractionEvent } from '../../src/core/interaction/event.js';
import { FakeClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { FakeLeg } from '../support/fakes/leg.js';
import { openScene } from './scene.js';

class WritingLeg extends FakeLeg {
  /** What the media server answers when it is to write. */
  takes = true;
  readonly #listeners: ((text: string) => void)[] = [];
  override text: LegText = {
    onTyped: (listener) => void this.#listeners.push(listener),
    write: async (text) => {
      if (this.takes) this.written.push(text);
      return this.takes;
    },
  };

  type(text: string): void {
    for (const listener of this.#listeners) listener(text);
  }
}

function scene() {
  const clock = new FakeClock();
  const writing = new Writing({ clock, log: silentLog });
  const noted: InteractionEvent[] = [];
  const leg = new WritingLeg('leg-1', 'call-1', clock);
  const thread = { id: 'matter-1', note: (...events: InteractionEvent[]) => void noted.push(...events) };
  const call = { thread, segment: 'segment-1', leg } as unknown as Parameters<Writing['began']>[0];
  const lines = (): unknown[] => noted.map(({ type, data }) => [type, data]);
  return { clock, writing, leg, call, lines };
}
const line = (by: 'customer' | 'agent', text: string, name?: string): unknown => [
  'text-written',
  { segment: 'segment-1', by, ...(name === undefined ? {} : { name }), text },
];

describe('characters become lines', () => {
  test.each<[string, string[], string[]]>([
    ['typed one by one', ['H', 'o', 'l', 'a', '\u2028'], ['Hola']],
    ['several in one piece', ['uno\u2028dos\r\ntres\n'], ['uno', 'dos', 'tres']],
    ['with mistakes taken back', ['Hols\ba\u2028'], ['Hola']],
    ['more taken back than there is', ['a\b\b\bb\n'], ['b']],
    ['whole characters are taken back', ['a😀\bb\n'], ['ab']],
    ['blank lines', ['\u2028 \r\n\u2028x\n'], ['x']],
    ['controls', ['a\u0007b\u001b\u0000c\n'], ['abc']],
    ['not finished', ['abc'], []],
    ['longer than a line may be', ['x'.repeat(LINE_MAX + 3)], ['x'.repeat(LINE_MAX)]],
  ])('%s', (_, typed, lines) => {
    const gathered = new TextLines();
    expect(typed.flatMap((text) => gathered.take(text))).toEqual(lines);
  });
});

describe('what the customer types', () => {
  test('stands in the record by lines, not by keys; a pause ends a line', () => {
    const { clock, writing, leg, call, lines } = scene();
    writing.began(call);
    for (const character of 'No oigo\u2028Quiero') leg.type(character);
    expect(lines()).toEqual([line('customer', 'No oigo')]);
    clock.advance(LINE_PAUSE_MS - 1);
    leg.type(' ayuda');
    clock.advance(LINE_PAUSE_MS - 1);
    expect(lines()).toHaveLength(1);
    clock.advance(1);
    expect(lines()).toEqual([line('customer', 'No oigo'), line('customer', 'Quiero ayuda')]);
    expect(clock.pending).toBe(0);
  });

  test('is kept when the call ends in the middle of a line', () => {
    const { clock, writing, leg, call, lines } = scene();
    writing.began(call);
    leg.type('Adi');
    leg.finish({ by: 'customer', reason: 'hung-up' });
    expect(lines()).toEqual([line('customer', 'Adi')]);
    expect(clock.pending).toBe(0);
  });

  test('and the agent, whose phone has text too, each under its own name', () => {
    const { clock, writing, leg, call, lines } = scene();
    const agent = new WritingLeg('leg-2', 'call-2', clock);
    writing.began(call);
    writing.follow(call, agent, 'agent');
    leg.type('¿Hola?\n');
    agent.type('Buenos días\n');
    expect(lines()).toEqual([line('customer', '¿Hola?'), line('agent', 'Buenos días')]);
  });
});

describe('an answer in writing', () => {
  test('is one line for the reader and one in the record', async () => {
    const { writing, leg, call, lines } = scene();
    writing.began(call);
    await writing.write('matter-1', 'Le ayudo', 'ana');
    expect(leg.written).toEqual(['Le ayudo\u2028']);
    expect(lines()).toEqual([line('agent', 'Le ayudo', 'ana')]);
  });

  test('is refused when the media server has no text, and nothing is recorded', async () => {
    const { writing, leg, call, lines } = scene();
    writing.began(call);
    leg.takes = false;
    await expect(writing.write('matter-1', 'x', 'ana')).rejects.toMatchObject({
      code: 'wrong-state',
      detail: 'text not available on this call',
    });
    expect(lines()).toEqual([]);
  });

  test('is refused on another call, and on one that is over', async () => {
    const { writing, leg, call } = scene();
    await expect(writing.write('matter-1', 'x', 'ana')).rejects.toMatchObject({ code: 'not-found' });
    writing.began(call);
    leg.finish({ by: 'customer', reason: 'hung-up' });
    await expect(writing.write('matter-1', 'x', 'ana')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('prompts are written as well as spoken, without what has no words', () => {
    const { writing, leg, call } = scene();
    writing.say(call, [
      { kind: 'text', text: ' Pulse uno ', language: 'es' },
      { kind: 'recorded', name: 'jingle', language: 'es' },
      { kind: 'recorded', name: 'menu', fallbackText: 'o dos', language: 'es' },
    ]);
    expect(leg.written).toEqual(['Pulse uno\u2028o dos\u2028']);
  });
});

describe('what Hilo says of itself is written too', () => {
  test('the place in the queue, each time', async () => {
    const scene = await openScene();
    scene.node.telephony.hasText = true;
    const caller = scene.call('1002');
    await scene.until('said twice', () => (caller.leg?.written.length ?? 0) >= 2);
    expect(caller.leg?.written[0]).toMatch(/siguiente.*\u2028$/);
    expect(caller.heard.length).toBeGreaterThan(0);
  });

  test('what is promised instead of an agent', async () => {
    const scene = await openScene();
    scene.node.telephony.hasText = true;
    const promised = scene.call('1003');
    await scene.until('it is over', () => promised.isGone);
    expect(promised.leg?.written).toEqual([expect.stringMatching(/\S.*\u2028$/)]);
  });

  test('the regret when the record is away', async () => {
    const scene = await openScene();
    scene.node.telephony.hasText = true;
    scene.node.gates.record.state = 'refusing';
    const caller = scene.call('1000');
    await scene.whileOnDisk('it is over', () => caller.isGone);
    expect(caller.leg?.written).toEqual([expect.stringMatching(/\S.*\u2028$/)]);
  });
});
