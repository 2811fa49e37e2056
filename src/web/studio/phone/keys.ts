// Keys one after the other, as the collector of a call takes them: to the most that are wanted, or to one that ends the input.

export interface Wanted {
  readonly min: number;
  readonly max: number;
  readonly terminators: string;
}

export function afterKey(
  { min, max, terminators }: Wanted,
  typed: string,
  key: string,
): { readonly typed: string; readonly isWhole: boolean } {
  if (terminators.includes(key)) return { typed, isWhole: typed.length >= min };
  const longer = `${typed}${key}`;
  return { typed: longer, isWhole: longer.length >= max };
}
