// Sizes of files as people read them.

const KB = 1_000;

/** `340 kB`, `1.2 MB` */
export function sizeText(bytes: number, language: string): string {
  const [value, unit] = bytes < KB * KB ? [Math.max(1, bytes / KB), 'kB'] : [bytes / KB / KB, 'MB'];
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${unit}`;
}
