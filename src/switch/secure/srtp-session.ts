// Both directions of an SRTP call, as SDES negotiated them.
import type { Suite } from './session-keys.js';
import { SrtpReceiver, SrtpSender } from './srtp.js';

/** Keys with their salts in base64; each side chooses the one it sends with (RFC 4568 §4.3). */
export interface SdesKeys {
  readonly local: { readonly suite: Suite; readonly key: string };
  readonly remote: { readonly suite: Suite; readonly key: string };
}

export class SrtpSession {
  readonly #sender: SrtpSender;
  readonly #receiver: SrtpReceiver;
  readonly #keys: SdesKeys;

  /** What `before` knows of counters and replays stays for keys that stay: a key stream is never used twice. */
  constructor(keys: SdesKeys, before?: SrtpSession) {
    this.#keys = keys;
    const { local, remote } = keys;
    this.#sender =
      before && isSame(before.#keys.local, local)
        ? before.#sender
        : new SrtpSender(local.suite, Buffer.from(local.key, 'base64'));
    this.#receiver =
      before && isSame(before.#keys.remote, remote)
        ? before.#receiver
        : new SrtpReceiver(remote.suite, Buffer.from(remote.key, 'base64'));
  }

  /** Valid until the next packet. */
  protectRtp(packet: Buffer): Buffer {
    return this.#sender.protectRtp(packet);
  }

  protectRtcp(packet: Buffer): Buffer {
    return this.#sender.protectRtcp(packet);
  }

  /** In the memory of `packet`; undefined when it is not authentic or came before. */
  unprotectRtp(packet: Buffer): Buffer | undefined {
    return this.#receiver.unprotectRtp(packet);
  }

  unprotectRtcp(packet: Buffer): Buffer | undefined {
    return this.#receiver.unprotectRtcp(packet);
  }
}

function isSame(one: SdesKeys['local'], other: SdesKeys['local']): boolean {
  return one.suite === other.suite && one.key === other.key;
}
