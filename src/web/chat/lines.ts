// The lines of the chat on the page, in order: what Hilo has told, then what is on its way there.
import type { WireChatFile, WireChatLine } from '../../contract/chat/chat.js';
import type { Pending } from './kept.js';
import { type ChatTexts, sizeText } from './texts.js';

interface Shown {
  readonly by: 'visitor' | 'centre';
  readonly text: string;
  readonly at?: string | undefined;
  readonly file?: WireChatFile | undefined;
}

export class Lines {
  readonly #list: HTMLElement;
  readonly #told = new Set<number>();
  readonly #pending = new Map<string, HTMLElement>();

  constructor(
    private readonly log: HTMLElement,
    private readonly texts: ChatTexts,
    private readonly language: string,
    private readonly download: (file: WireChatFile) => void,
  ) {
    const list = log.querySelector('ol');
    if (list === null) throw new Error('the page has no list');
    this.#list = list;
  }

  greet(text: string): void {
    this.#list.prepend(this.#line({ by: 'centre', text }));
  }

  pending({ id, text = '', fileShown: file }: Pending): void {
    const line = this.#line({ by: 'visitor', text, file });
    line.classList.add('sending');
    line.append(small(this.texts.sending));
    this.#pending.set(id, line);
    this.#list.append(line);
    this.#down();
  }

  drop(id: string): void {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
  }

  /** True when the centre has written something new. */
  told(lines: readonly WireChatLine[]): boolean {
    let isNews = false;
    for (const line of lines) {
      if (this.#told.has(line.number)) continue;
      this.#told.add(line.number);
      this.drop(line.id);
      const [first] = this.#pending.values();
      this.#list.insertBefore(this.#line(line), first ?? null);
      isNews ||= line.by === 'centre';
    }
    this.#down();
    return isNews;
  }

  /** Nothing was ever told. */
  forget(): void {
    this.#told.clear();
  }

  #line({ by, text, at, file }: Shown): HTMLElement {
    const line = document.createElement('li');
    line.className = by;
    const whose = document.createElement('span');
    whose.className = 'whose';
    whose.textContent = `${by === 'visitor' ? this.texts.you : this.texts.us}: `;
    line.append(whose, text);
    if (file !== undefined) line.append(this.#file(by, file));
    if (at !== undefined) line.append(timeOf(at, this.language));
    return line;
  }

  #file(by: Shown['by'], file: WireChatFile): HTMLElement {
    if (by === 'visitor') return small(`${file.name} (${sizeText(file.bytes, this.language)})`);
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = this.texts.download(file.name, sizeText(file.bytes, this.language));
    button.onclick = () => this.download(file);
    return button;
  }

  #down(): void {
    this.log.scrollTop = this.log.scrollHeight;
  }
}

function small(text: string): HTMLElement {
  const element = document.createElement('small');
  element.textContent = text;
  return element;
}

function timeOf(at: string, language: string): HTMLElement {
  const element = small('');
  const time = document.createElement('time');
  time.dateTime = at;
  time.textContent = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(Date.parse(at));
  element.append(time);
  return element;
}
