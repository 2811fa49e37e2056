// Owns the text stream of one leg: opened when the descriptions first speak of text, freed with the leg.
import type { Log } from '../../lib/log.js';
import type { FurtherLine } from '../sdp/negotiation.js';
import type { MediaDescription, SessionDescription } from '../sdp/session-description.js';
import { type ChosenText, chooseText, writeText } from '../sdp/text-line.js';
import type { TextStream } from '../text/text-stream.js';

export interface SessionTextOptions {
  /** Binds a port; rejects when there is none. */
  readonly open: () => Promise<TextStream>;
  readonly onText: (text: string) => void;
  readonly log: Log;
}

export class SessionText {
  readonly #options: SessionTextOptions;
  #stream: Promise<TextStream | undefined> | undefined;
  #open: TextStream | undefined;

  constructor(options: SessionTextOptions) {
    this.#options = options;
  }

  /** Our line in answer to an offer; undefined when it has none, or no port is free: the call goes on without text. */
  async answering(offer: SessionDescription): Promise<FurtherLine | undefined> {
    const chosen = chooseText(offer);
    const stream = chosen && (await this.#opened());
    return chosen && stream && { index: chosen.index, line: writeText(stream.local.port, chosen) };
  }

  /** Our line in an offer. */
  async offering(): Promise<MediaDescription | undefined> {
    const stream = await this.#opened();
    return stream && writeText(stream.local.port);
  }

  /** The peer's description is in force. */
  connect(theirs: SessionDescription): void {
    const chosen = chooseText(theirs);
    this.#open?.connect(chosen && remoteOf(chosen));
  }

  /** False when the leg has no text. */
  send(text: string): boolean {
    return this.#open?.send(text) ?? false;
  }

  async close(): Promise<void> {
    await (await this.#stream)?.close();
  }

  #opened(): Promise<TextStream | undefined> {
    this.#stream ??= this.#options.open().then(
      (stream) => {
        this.#open = stream;
        stream.onText(this.#options.onText);
        return stream;
      },
      (error: unknown) => {
        this.#options.log.warn({ err: error }, 'no port for text');
        return undefined;
      },
    );
    return this.#stream;
  }
}

function remoteOf({ address, port, format, sends, receives }: ChosenText): Parameters<TextStream['connect']>[0] {
  return { address, port, format, send: receives, receive: sends };
}
