// Several agents ring for one: the first who is won ends it, whatever becomes of the others.

/**
 * Resolves with the first result that `counts`, or with the last one when none does. Rejects with the first failure
 * that comes before. The others go on by themselves: their offers are withdrawn by the acceptance.
 */
export function firstTaken<T>(tries: readonly Promise<T>[], counts: (result: T) => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    let left = tries.length;
    for (const one of tries) {
      one.then((result) => {
        left -= 1;
        if (counts(result) || left === 0) resolve(result);
      }, reject);
    }
  });
}
