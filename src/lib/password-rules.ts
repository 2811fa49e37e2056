// Which passwords are good enough: long, and not what is guessed first (NIST SP 800-63B §5.1.1.2). Nothing is asked of its signs.

export const PASSWORD_CHARS_MIN = 10;
export const PASSWORD_CHARS_MAX = 256;
/** Fewer different signs are no password, however many times they are written. */
const DIFFERENT_MIN = 5;
/** Parts that guessers begin with; what is left of the password without them counts. */
const GUESSED = ['password', 'contrasena', 'contraseña', 'qwertyuiop', 'qwerty', '1234567890', '123456789', '12345678'];
const REST_MIN = 4;

export type PasswordFault = 'too-short' | 'too-long' | 'too-simple' | 'has-the-name';

/** undefined: it is good enough. */
export function passwordFault(password: string, user: string): PasswordFault | undefined {
  const signs = [...password];
  if (signs.length < PASSWORD_CHARS_MIN) return 'too-short';
  if (password.length > PASSWORD_CHARS_MAX) return 'too-long';
  if (new Set(signs).size < DIFFERENT_MIN) return 'too-simple';
  const lower = password.toLowerCase();
  if (GUESSED.some((part) => lower.includes(part) && lower.replaceAll(part, '').length < REST_MIN)) return 'too-simple';
  const name = user.toLowerCase();
  if (name !== '' && lower.includes(name) && lower.replaceAll(name, '').length < PASSWORD_CHARS_MIN / 2)
    return 'has-the-name';
  return undefined;
}
