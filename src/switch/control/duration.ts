// Time limits as applications and directories write them.
const DURATION = /^(\d{1,6})(ms|s)$/;

/** `1500ms` or `2s` in milliseconds; nothing at all is no limit. */
export function parseDuration(text: string): number | undefined | 'invalid' {
  if (text === '') return undefined;
  const [, digits, unit] = DURATION.exec(text) ?? [];
  return digits === undefined ? 'invalid' : Number(digits) * (unit === 's' ? 1000 : 1);
}
