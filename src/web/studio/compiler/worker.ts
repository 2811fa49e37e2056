// The compiler in a thread of its own: the page stays quick however long a text is.
import './no-eval.js';
import { calendarOf } from './calendar.js';
import { checkedIn, testedIn } from './in-language.js';
import type { Done, Wanted } from './thread.js';
import { Workshop } from './workshop.js';

let workshop = new Workshop({});

addEventListener('message', ({ data }: MessageEvent<Wanted>) => {
  postMessage(done(data));
});

function done(wanted: Wanted): Done {
  try {
    return { id: wanted.id, ok: true, value: resultOf(wanted) };
  } catch (error) {
    return { id: wanted.id, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

function resultOf({ deed }: Wanted): unknown {
  switch (deed.kind) {
    case 'load':
      workshop = new Workshop(deed.texts, deed.heard);
      return undefined;
    case 'check':
      return checkedIn(deed.language, workshop.check(deed.name, deed.text));
    case 'test':
      return testedIn(deed.language, workshop.test(deed.name, deed.text, deed.tests));
    case 'dial':
      return workshop.dial(deed.name, deed.text, deed.wish);
    case 'answer':
      return workshop.answer(deed.typed);
    case 'calendar':
      return calendarOf(deed.wish);
  }
}
