// One after the other: two wishes at once would find the legs half connected.

export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** `after`: called after each. */
  constructor(private readonly after: () => void = () => undefined) {}

  /** Begins when everything asked for before is done, well or not. */
  do<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#last.then(act).finally(this.after);
    this.#last = done.catch(() => undefined); // whoever asked for it is told
    return done;
  }
}
