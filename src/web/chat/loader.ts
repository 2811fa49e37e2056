// What another site loads: a button, and behind it the chat in a frame of Hilo's own, so that the site's styles and rules do not reach it.
(() => {
  const NAME = 'hilo-chat';
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || document.querySelector(NAME) !== null) return;
  const { origin } = new URL(script.src);
  const language = script.dataset['language'] || document.documentElement.lang || navigator.language;
  const isSpanish = /^(es|ca|gl|eu)\b/i.test(language);
  const texts = isSpanish
    ? { open: 'Abrir el chat', close: 'Cerrar el chat', unread: 'mensajes sin leer' }
    : { open: 'Open the chat', close: 'Close the chat', unread: 'unread messages' };
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

  /** Whether it was open when the site's last page was left. */
  const remember = (isOpen?: boolean): boolean => {
    try {
      if (isOpen !== undefined) sessionStorage.setItem(NAME, isOpen ? 'open' : '');
      return sessionStorage.getItem(NAME) === 'open';
    } catch {
      // Kept nowhere: closed.
      return false;
    }
  };

  const start = (): void => {
    const host = document.createElement(NAME);
    const root = host.attachShadow({ mode: 'open' });
    // Made by script: no rule of the site about styles forbids it.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    const button = document.createElement('button');
    button.type = 'button';
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('d', 'M4 4h16v12H9l-5 4z');
    svg.append(path);
    const badge = document.createElement('span');
    badge.hidden = true;
    button.append(svg, badge);
    root.append(button);
    document.body.append(host);

    let frame: HTMLIFrameElement | undefined;
    let isOpen = false;
    let unread = 0;
    const label = (): void => {
      button.setAttribute(
        'aria-label',
        `${isOpen ? texts.close : texts.open}${unread > 0 ? ` (${unread} ${texts.unread})` : ''}`,
      );
      button.setAttribute('aria-expanded', String(isOpen));
      badge.hidden = unread === 0;
      badge.textContent = String(unread);
    };
    const tell = (): void => frame?.contentWindow?.postMessage({ hilo: isOpen ? 'shown' : 'hidden' }, origin);
    const makeFrame = (): HTMLIFrameElement => {
      const made = document.createElement('iframe');
      made.title = 'Chat';
      made.src = `${origin}/chat?language=${encodeURIComponent(language)}`;
      made.addEventListener('load', tell);
      root.append(made);
      return made;
    };
    const show = (open: boolean): void => {
      isOpen = open;
      remember(open);
      if (open) frame ??= makeFrame();
      if (frame !== undefined) frame.hidden = !open;
      label();
      tell();
      if (open) frame?.focus();
    };
    button.addEventListener('click', () => show(!isOpen));
    addEventListener('message', ({ source, origin: from, data }) => {
      if (frame === undefined || source !== frame.contentWindow || from !== origin) return;
      if (data?.hilo === 'close') {
        show(false);
        button.focus();
      } else if (data?.hilo === 'unread') {
        unread = Number(data.count) || 0;
        label();
      }
    });
    label();
    if (remember()) show(true);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
