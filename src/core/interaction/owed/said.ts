// What was said about a matter, in a few lines: by the customer to the flow or in writing, by colleagues in notes.
import type { RecordedEvent } from '../event.js';

/** The newest lines; the page of the matter has them all. */
const LINES_MOST = 4;
export const LINE_CHARS_MAX = 300;

export interface Said {
  readonly by: 'customer' | 'colleague';
  /** Step of the flow that asked, or name of the colleague; absent: a message. */
  readonly source?: string;
  readonly text: string;
  readonly atMs: number;
}

export function saidOf(events: Iterable<RecordedEvent>): readonly Said[] {
  const lines: Said[] = [];
  for (const recorded of events) lines.push(...linesOf(recorded));
  return lines.slice(-LINES_MOST).map((line) => ({ ...line, text: line.text.slice(0, LINE_CHARS_MAX) }));
}

function linesOf({ event, atMs }: RecordedEvent): Said[] {
  switch (event.type) {
    case 'message-received':
      return [{ by: 'customer', text: event.data.text, atMs }];
    case 'text-written':
      return event.data.by === 'customer' ? [{ by: 'customer', text: event.data.text, atMs }] : [];
    case 'note-added':
      return [{ by: 'colleague', source: event.data.by, text: event.data.text, atMs }];
    case 'transferred': {
      const { by, note } = event.data;
      return note === undefined ? [] : [{ by: 'colleague', source: by, text: note, atMs }];
    }
    case 'flow-step': {
      const { step, name = step, answers = [] } = event.data;
      return answers.flatMap(({ answer }): Said[] => {
        const said =
          answer['kind'] === 'digits' ? answer['digits'] : answer['kind'] === 'written' ? answer['text'] : '';
        return typeof said === 'string' && said !== '' ? [{ by: 'customer', source: name, text: said, atMs }] : [];
      });
    }
    default:
      return [];
  }
}
