// The chat as the visitor uses it, in a frame of another site or by itself: written to, read, asked to call.
import './chat.css';
import type { WireChatFile, WireChatLine, WireChatNews, WireChatSettings } from '../../contract/chat/chat.js';
import { Kept, newId, type Pending } from './kept.js';
import { Lines } from './lines.js';
import { Link } from './link.js';
import * as requests from './requests.js';
import { momentText, textsFor } from './texts.js';

type State = Extract<WireChatNews, { type: 'state' }>;

const AGAIN_MS = 2_000;
const AGAIN_LONGEST_MS = 30_000;
const isFramed = window.parent !== window;
const { language, texts } = textsFor(new URLSearchParams(location.search).get('language') ?? navigator.language);

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

class Panel {
  readonly #kept = new Kept();
  readonly #log = part('log', HTMLElement);
  readonly #text = part('text', HTMLTextAreaElement);
  readonly #name = part('name', HTMLInputElement);
  readonly #number = part('number', HTMLInputElement);
  readonly #callMe = part('call-me', HTMLDetailsElement);
  readonly #lines = new Lines(this.#log, texts, language, (file) => void this.#download(file));
  readonly #link = new Link(this.#kept.token, {
    lines: (lines) => this.#told(lines),
    state: (state) => {
      this.#state = state;
      this.#standing();
    },
    connected: (isConnected) => {
      this.#isConnected = isConnected;
      this.#standing();
    },
    forgotten: () => {
      this.#kept.isKnown(false);
      this.#lines.forget();
      if (this.#kept.outbox.length > 0) void this.#send();
    },
  });
  #settings: WireChatSettings | undefined;
  #state: State | undefined;
  #isConnected = true;
  #isShown = !isFramed;
  #isSending = false;
  #againMs = AGAIN_MS;
  #unread = 0;
  /** The newest line of the centre, and how far Hilo was told that it has come. */
  #newest = 0;
  #got = 0;
  #read = 0;

  async begin(): Promise<void> {
    this.#say();
    this.#listen();
    this.#settings = await requests.settings(language);
    const { greeting, centre, ask, callBack, files } = this.#settings;
    part('title', HTMLElement).textContent = centre;
    document.title = centre;
    this.#lines.greet(greeting);
    this.#callMe.hidden = !callBack;
    part('file', HTMLInputElement).accept = files.types.join();
    this.#text.maxLength = this.#settings.textChars;
    part('who', HTMLElement).hidden = this.#kept.known || ask.length === 0;
    part('name-field', HTMLElement).hidden = !ask.includes('name');
    part('number-field', HTMLElement).hidden = !ask.includes('number');
    this.#standing();
    for (const message of this.#kept.outbox) this.#lines.pending(message);
    if (this.#kept.known) this.#link.open();
    if (this.#kept.outbox.length > 0) void this.#send();
    if (!this.#kept.isKept) this.#trouble(texts.notKept);
    if (this.#isShown) this.#text.focus();
  }

  #say(): void {
    document.documentElement.lang = language;
    this.#log.ariaLabel = texts.log;
    // So that it can be scrolled with the keyboard.
    this.#log.tabIndex = 0;
    this.#text.ariaLabel = texts.text;
    this.#text.placeholder = texts.text;
    const written = {
      ...{ send: texts.send, 'name-label': texts.name, 'number-label': texts.number, 'call-me-title': texts.callMe },
      ...{ 'phone-label': texts.phone, 'ask-call': texts.askCall },
    };
    for (const [id, text] of Object.entries(written)) part(id, HTMLElement).textContent = text;
    part('close', HTMLElement).ariaLabel = texts.close;
    part('attach', HTMLElement).ariaLabel = texts.attach;
    part('attach', HTMLElement).title = texts.attach;
    part('close', HTMLElement).hidden = !isFramed;
  }

  #listen(): void {
    const file = part('file', HTMLInputElement);
    part('close', HTMLElement).onclick = () => tellParent({ hilo: 'close' });
    part('attach', HTMLElement).onclick = () => file.click();
    file.onchange = () => void this.#attach(file);
    part('writing', HTMLFormElement).onsubmit = (event) => {
      event.preventDefault();
      this.#write(undefined);
    };
    part('calling', HTMLFormElement).onsubmit = (event) => {
      event.preventDefault();
      void this.#askCall();
    };
    this.#text.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#write(undefined);
    };
    window.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') tellParent({ hilo: 'close' });
    });
    document.onvisibilitychange = () => this.#seen();
    window.addEventListener('message', ({ source, data }) => {
      if (source !== window.parent || !isFramed) return;
      this.#isShown = data?.hilo === 'shown';
      if (this.#isShown) this.#text.focus();
      this.#seen();
    });
  }

  #write(file: WireChatFile | undefined): void {
    const text = this.#text.value.trim();
    if (text === '' && file === undefined) return;
    const [name, number] = this.#kept.known ? ['', ''] : [this.#name.value.trim(), this.#number.value.trim()];
    const message: Pending = {
      ...{ id: newId(), text, language },
      ...(name === '' ? {} : { name }),
      ...(number === '' ? {} : { number }),
      ...(file === undefined ? {} : { file: file.id, fileShown: file }),
    };
    if (!this.#kept.add(message)) {
      this.#trouble(texts.faults.busy);
      return;
    }
    this.#text.value = '';
    this.#trouble('');
    this.#lines.pending(message);
    void this.#send();
  }

  /** One after the other; what does not go now goes later, also after a reload. */
  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (let next = this.#kept.outbox[0]; next !== undefined; next = this.#kept.outbox[0]) {
      const { fileShown: _shown, ...message } = next;
      try {
        await requests.write(this.#kept.token, message);
        this.#kept.drop(next.id);
        this.#againMs = AGAIN_MS;
        this.#known();
      } catch (error) {
        const { fault, again } = error instanceof requests.Refused ? error : new requests.Refused('other', false);
        if (again) {
          if (fault === 'busy') this.#trouble(texts.faults.busy);
          setTimeout(() => {
            this.#isSending = false;
            void this.#send();
          }, this.#againMs);
          this.#againMs = Math.min(2 * this.#againMs, AGAIN_LONGEST_MS);
          return;
        }
        this.#notSent(next, fault);
      }
    }
    this.#isSending = false;
  }

  /** It comes back to where it was written. */
  #notSent({ id, text = '' }: Pending, fault: requests.Fault): void {
    this.#kept.drop(id);
    this.#lines.drop(id);
    this.#text.value = [text, this.#text.value].filter((one) => one !== '').join('\n');
    this.#trouble(texts.faults[fault]);
    if (fault === 'number' && !part('who', HTMLElement).hidden) this.#number.focus();
  }

  #known(): void {
    this.#kept.isKnown(true);
    part('who', HTMLElement).hidden = true;
    this.#link.open();
  }

  async #attach(field: HTMLInputElement): Promise<void> {
    const [file] = field.files ?? [];
    field.value = '';
    if (file === undefined) return;
    if (file.size > (this.#settings?.files.bytes ?? 0)) {
      this.#trouble(texts.faults.large);
      return;
    }
    this.#trouble(texts.uploading);
    try {
      const uploaded = await requests.upload(this.#kept.token, file);
      this.#trouble('');
      this.#write(uploaded);
    } catch (error) {
      this.#trouble(texts.faults[error instanceof requests.Refused ? error.fault : 'other']);
    }
  }

  async #askCall(): Promise<void> {
    const phone = part('phone', HTMLInputElement);
    const button = part('ask-call', HTMLButtonElement);
    if (phone.value.trim() === '' || button.ariaDisabled === 'true') return;
    button.ariaDisabled = 'true';
    this.#trouble(texts.asking);
    try {
      await requests.askCall(this.#kept.token, phone.value.trim(), language);
      this.#trouble('');
      this.#callMe.open = false;
      this.#known();
      this.#text.focus();
    } catch (error) {
      this.#trouble(texts.faults[error instanceof requests.Refused ? error.fault : 'other']);
      phone.focus();
    } finally {
      button.ariaDisabled = null;
    }
  }

  async #download(file: WireChatFile): Promise<void> {
    try {
      const url = URL.createObjectURL(await requests.fetchFile(this.#kept.token, file.id));
      const link = document.createElement('a');
      link.href = url;
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), AGAIN_LONGEST_MS);
    } catch {
      this.#trouble(texts.faults.other);
    }
  }

  #told(lines: readonly WireChatLine[]): void {
    const isNews = this.#lines.told(lines);
    this.#newest = lines.findLast(({ by }) => by === 'centre')?.number ?? this.#newest;
    if (isNews && !this.#isShown) {
      this.#unread += lines.filter(({ by }) => by === 'centre').length;
      tellParent({ hilo: 'unread', count: this.#unread });
    }
    this.#seen();
  }

  /** What is on the page is told, and what was before somebody's eyes. */
  #seen(): void {
    const isRead = this.#isShown && document.visibilityState === 'visible';
    if (isRead && this.#unread > 0) {
      this.#unread = 0;
      tellParent({ hilo: 'unread', count: 0 });
    }
    if (isRead && this.#newest > this.#read) {
      this.#read = this.#newest;
      this.#link.seen('read', this.#newest);
    } else if (this.#newest > Math.max(this.#got, this.#read)) {
      this.#got = this.#newest;
      this.#link.seen('got', this.#newest);
    }
  }

  #standing(): void {
    const opening = this.#state?.opening ?? this.#settings?.opening ?? { open: true };
    const state: State = this.#state ?? { type: 'state', talk: { state: 'none' }, opening };
    const opens = opening.open ? undefined : momentText(opening.opensAt, language, Date.now());
    const { callBack } = state;
    const promised = callBack && texts.promised(callBack.number, momentText(callBack.dueAt, language, Date.now()));
    this.#callMe.hidden = this.#settings?.callBack !== true || callBack !== undefined;
    const said = [texts.standing(state, opens), promised ?? ''].filter((text) => text !== '').join(' ');
    part('standing', HTMLElement).textContent = this.#isConnected ? said : texts.connecting;
  }

  #trouble(text: string): void {
    const trouble = part('trouble', HTMLElement);
    trouble.textContent = text;
    trouble.hidden = text === '';
  }
}

/** Nothing in it is for nobody else: it may be any site that shows the chat. */
function tellParent(what: { readonly hilo: 'close' } | { readonly hilo: 'unread'; readonly count: number }): void {
  if (isFramed) window.parent.postMessage(what, '*');
}

new Panel().begin().catch((error: unknown) => {
  part('standing', HTMLElement).textContent = texts.gone;
  throw error;
});
