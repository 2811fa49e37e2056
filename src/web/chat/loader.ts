// What another site loads: a button, and behind it the chat in a frame of Hilo's own, so that the site's styles and rules do not reach it.
// It is built as one plain script, with a scope of its own.

const NAME = 'hilo-chat';
const SVG = 'http://www.w3.org/2000/svg';
const STYLES = `
  button { all: initial; position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483646; box-sizing: border-box;
    width: 3.5rem; height: 3.5rem; border: 2px solid #fff; border-radius: 50%; background: #0b5cad; color: #fff;
    cursor: pointer; box-shadow: 0 2px 8px #0006; font: bold .8rem/1 system-ui, sans-serif; text-align: center; }
  button:focus-visible { outline: 3px solid #0b5cad; outline-offset: 3px; }
  svg { display: block; width: 1.75rem; height: 1.75rem; margin: auto; fill: none; stroke: #fff; stroke-width: 2; }
  span { position: absolute; top: -.4rem; right: -.4rem; min-width: 1.4rem; padding: .3rem; box-sizing: border-box;
    border-radius: 1rem; background: #a40e26; }
  iframe { all: initial; position: fixed; right: 1rem; bottom: 5.25rem; z-index: 2147483647; width: 24rem;
    height: min(38rem, calc(100dvh - 6.5rem)); border: 1px solid #8c959f; border-radius: .75rem; box-shadow: 0 4px 20px #0006; }
  @media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; } }
  [hidden] { display: none !important; }`;

class Chat {
  readonly #root: ShadowRoot;
  readonly #button = document.createElement('button');
  readonly #badge = document.createElement('span');
  readonly #texts: { readonly open: string; readonly close: string; readonly unread: string };
  #frame: HTMLIFrameElement | undefined;
  #isOpen = false;
  #unread = 0;

  /** `origin`: of Hilo. */
  constructor(
    private readonly origin: string,
    private readonly language: string,
  ) {
    const isSpanish = /^(es|ca|gl|eu)\b/i.test(language);
    this.#texts = isSpanish
      ? { open: 'Abrir el chat', close: 'Cerrar el chat', unread: 'mensajes sin leer' }
      : { open: 'Open the chat', close: 'Close the chat', unread: 'unread messages' };
    const host = document.createElement(NAME);
    this.#root = host.attachShadow({ mode: 'open' });
    // Made by script: no rule of the site about styles forbids it.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    this.#root.adoptedStyleSheets = [sheet];
    this.#button.type = 'button';
    this.#button.append(bubble(), this.#badge);
    this.#button.addEventListener('click', () => this.#show(!this.#isOpen));
    this.#root.append(this.#button);
    document.body.append(host);
    addEventListener('message', (event) => this.#heard(event));
    this.#label();
    if (wasOpen()) this.#show(true);
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen;
    remember(isOpen);
    if (isOpen) this.#frame ??= this.#made();
    if (this.#frame !== undefined) this.#frame.hidden = !isOpen;
    this.#label();
    this.#tell();
    if (isOpen) this.#frame?.focus();
  }

  #made(): HTMLIFrameElement {
    const frame = document.createElement('iframe');
    frame.title = 'Chat';
    frame.src = `${this.origin}/chat?language=${encodeURIComponent(this.language)}`;
    frame.addEventListener('load', () => this.#tell());
    this.#root.append(frame);
    return frame;
  }

  #tell(): void {
    this.#frame?.contentWindow?.postMessage({ hilo: this.#isOpen ? 'shown' : 'hidden' }, this.origin);
  }

  #heard({ source, origin, data }: MessageEvent): void {
    if (this.#frame === undefined || source !== this.#frame.contentWindow || origin !== this.origin) return;
    if (data?.hilo === 'close') {
      this.#show(false);
      this.#button.focus();
    } else if (data?.hilo === 'unread') {
      this.#unread = Number(data.count) || 0;
      this.#label();
    }
  }

  #label(): void {
    const { open, close, unread } = this.#texts;
    const count = this.#unread > 0 ? ` (${this.#unread} ${unread})` : '';
    this.#button.setAttribute('aria-label', `${this.#isOpen ? close : open}${count}`);
    this.#button.setAttribute('aria-expanded', String(this.#isOpen));
    this.#badge.hidden = this.#unread === 0;
    this.#badge.textContent = String(this.#unread);
  }
}

function bubble(): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', 'M4 4h16v12H9l-5 4z');
  svg.append(path);
  return svg;
}

function remember(isOpen: boolean): void {
  try {
    sessionStorage.setItem(NAME, isOpen ? 'open' : '');
  } catch {
    // Kept nowhere: closed on the next page.
  }
}

/** When the site's last page was left. */
function wasOpen(): boolean {
  try {
    return sessionStorage.getItem(NAME) === 'open';
  } catch {
    return false;
  }
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement && document.querySelector(NAME) === null) {
  const language = script.dataset['language'] || document.documentElement.lang || navigator.language;
  const start = (): void => void new Chat(new URL(script.src).origin, language);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
}

export {};
