// Lets devices in: digest, the limit on failures, and the answers to whoever is not let in.
import type { SrfRequest, SrfResponse } from 'drachtio-srf';
import type { Log } from '../../lib/log.js';
import type { DigestGuard } from './digest.js';
import type { FailureLimit } from './failure-limit.js';

export class Authentication {
  readonly #guard: DigestGuard;
  readonly #failures: FailureLimit;
  readonly #log: Log;

  constructor(guard: DigestGuard, failures: FailureLimit, log: Log) {
    this.#guard = guard;
    this.#failures = failures;
    this.#log = log;
  }

  /**
   * The device that sent the request, or undefined: it was answered then, the same way for names that exist and names that
   * do not. `trusted` sources (a phone that is registered from there) are not shut out by what others do behind their NAT.
   */
  device(req: SrfRequest, res: SrfResponse, claimed: string, trusted: boolean): string | undefined {
    const address = req.source_address;
    if (!trusted && this.#failures.banned(address, claimed)) {
      res.send(403, {});
      return undefined;
    }
    const result = this.#guard.check({
      method: req.method,
      uri: req.uri,
      authorization: req.get('Authorization'),
    });
    switch (result.verdict) {
      case 'right':
        if (result.username !== claimed) {
          this.#log.warn({ address, device: result.username }, 'a device claims the name of another');
          res.send(403, {});
          return undefined;
        }
        this.#failures.succeeded(address, claimed);
        return result.username;
      case 'wrong':
        this.#log.warn({ address, method: req.method }, 'wrong password');
        if (this.#failures.failed(address, claimed)) this.#log.error({ address }, 'too many wrong passwords, shut out');
        this.#challenge(res, false);
        return undefined;
      case 'missing':
        this.#challenge(res, false);
        return undefined;
      case 'stale':
        this.#challenge(res, true);
        return undefined;
    }
  }

  #challenge(res: SrfResponse, stale: boolean): void {
    res.send(401, { headers: { 'WWW-Authenticate': this.#guard.challenge(stale) } });
  }
}
