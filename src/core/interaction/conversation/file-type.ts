// What a file is by what is in it: the few kinds that people send each other, and how large each may be. Whatever the sender says
// does not count.

const MEGABYTE = 1024 * 1024;
/** Nothing larger is taken, whatever it is. */
export const FILE_BYTES_MAX = 16 * MEGABYTE;
/** So much of the beginning and the end is looked at. */
export const SNIFFED_BYTES = 64 * 1024;

interface FileKind {
  readonly extension: string;
  readonly bytesMax: number;
  /** May go out by WhatsApp (Cloud API, supported media types). */
  readonly sends: boolean;
}

const image = { bytesMax: 5 * MEGABYTE };
const large = { bytesMax: FILE_BYTES_MAX };
const OFFICE = 'application/vnd.openxmlformats-officedocument';

export const FILE_KINDS: Readonly<Record<string, FileKind>> = {
  'image/jpeg': { ...image, extension: 'jpg', sends: true },
  'image/png': { ...image, extension: 'png', sends: true },
  'image/webp': { ...image, extension: 'webp', sends: false },
  'image/gif': { ...image, extension: 'gif', sends: false },
  'audio/ogg': { ...large, extension: 'ogg', sends: true },
  'audio/mpeg': { ...large, extension: 'mp3', sends: true },
  'audio/mp4': { ...large, extension: 'm4a', sends: true },
  'audio/aac': { ...large, extension: 'aac', sends: true },
  'audio/amr': { ...large, extension: 'amr', sends: true },
  'video/mp4': { ...large, extension: 'mp4', sends: true },
  'video/3gpp': { ...large, extension: '3gp', sends: true },
  'application/pdf': { ...large, extension: 'pdf', sends: true },
  'text/plain': { ...large, extension: 'txt', sends: true },
  [`${OFFICE}.wordprocessingml.document`]: { ...large, extension: 'docx', sends: true },
  [`${OFFICE}.spreadsheetml.sheet`]: { ...large, extension: 'xlsx', sends: true },
  [`${OFFICE}.presentationml.presentation`]: { ...large, extension: 'pptx', sends: true },
};

/** What agents may send. */
export const SENT_TYPES: readonly string[] = Object.entries(FILE_KINDS).flatMap(([type, { sends }]) =>
  sends ? [type] : [],
);

/** `tail`: the end of the file, which may be the same bytes. Undefined: none of the kinds that we take. */
export function fileTypeOf(head: Uint8Array, tail: Uint8Array): string | undefined {
  const start = latin(head.subarray(0, 64));
  for (const [type, is] of SIGNATURES) if (is(start)) return type;
  if (start.startsWith('PK\x03\x04')) return officeType(latin(tail));
  return isPlainText(head) ? 'text/plain' : undefined;
}

const SIGNATURES: readonly (readonly [type: string, is: (start: string) => boolean])[] = [
  ['image/jpeg', (start) => start.startsWith('\xff\xd8\xff')],
  ['image/png', (start) => start.startsWith('\x89PNG\r\n\x1a\n')],
  ['image/gif', (start) => /^GIF8[79]a/.test(start)],
  ['image/webp', (start) => start.startsWith('RIFF') && start.startsWith('WEBP', 8)],
  ['application/pdf', (start) => start.startsWith('%PDF-')],
  ['audio/ogg', (start) => start.startsWith('OggS') && /OpusHead|vorbis/.test(start)],
  ['audio/amr', (start) => start.startsWith('#!AMR')],
  ['audio/mpeg', (start) => /^(ID3|\xff[\xfb\xf3\xf2])/.test(start)],
  ['audio/aac', (start) => /^\xff[\xf1\xf9]/.test(start)],
  ['audio/mp4', (start) => brandOf(start)?.startsWith('M4A') === true],
  ['video/3gpp', (start) => brandOf(start)?.startsWith('3g') === true],
  ['video/mp4', (start) => /^(isom|iso[2-9]|mp4[12]|avc1|dash|MSNV)/.test(brandOf(start) ?? '')],
];

/** ISO base media (ISO/IEC 14496-12 §4.3): the major brand stands behind `ftyp`. */
function brandOf(start: string): string | undefined {
  return start.startsWith('ftyp', 4) ? start.slice(8, 12) : undefined;
}

/** The list of a ZIP's members stands at its end (APPNOTE 4.3.12). What brings macros along is not taken. */
function officeType(directory: string): string | undefined {
  if (!directory.includes('[Content_Types].xml') || directory.includes('vbaProject')) return undefined;
  if (directory.includes('word/document.xml')) return `${OFFICE}.wordprocessingml.document`;
  if (directory.includes('xl/workbook.xml')) return `${OFFICE}.spreadsheetml.sheet`;
  return directory.includes('ppt/presentation.xml') ? `${OFFICE}.presentationml.presentation` : undefined;
}

function isPlainText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  if (head.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d)) return false;
  try {
    // A character may be cut in two where the head ends.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    // Not UTF-8: whatever it is, it is no text that everybody can read.
    return false;
  }
}

function latin(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

const NAME_CHARS_MAX = 120;
/** Controls, what turns the direction of writing, and what other systems take for a path. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]/g;

/** The name by which a file is shown and saved: harmless, and with the ending of what it is. */
export function fileNameOf(wanted: string | undefined, type: string): string {
  const extension = FILE_KINDS[type]?.extension ?? 'bin';
  const clean = [...(wanted ?? '').normalize('NFC').replaceAll(UNSAFE, ' ').replaceAll(/\s+/g, ' ')]
    .slice(0, NAME_CHARS_MAX)
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '');
  if (clean === '') return `file.${extension}`;
  return endsLike(clean, extension) ? clean : `${clean}.${extension}`;
}

function endsLike(name: string, extension: string): boolean {
  const ending = name.split('.').at(-1)?.toLowerCase();
  return (
    ending === extension || (extension === 'jpg' && ending === 'jpeg') || (extension === 'ogg' && ending === 'opus')
  );
}
