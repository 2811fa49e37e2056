// Files are what is in them, whatever they are called.
import { describe, expect, test } from 'vitest';
import { fileNameOf, fileTypeOf, SENT_TYPES } from '../../../../src/core/interaction/conversation/file-type.js';

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function typeOf(text: string, tail = text): string | undefined {
  return fileTypeOf(bytes(text), bytes(tail));
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';

describe('what is taken', () => {
  test.each([
    ['\xff\xd8\xff\xe0..JFIF', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n....', 'image/png'],
    ['GIF89a....', 'image/gif'],
    ['RIFF....WEBPVP8 ', 'image/webp'],
    ['%PDF-1.7\n', 'application/pdf'],
    ['OggS\x00\x02..................OpusHead', 'audio/ogg'],
    ['#!AMR\n', 'audio/amr'],
    ['ID3\x04....', 'audio/mpeg'],
    ['\xff\xfb\x90d', 'audio/mpeg'],
    ['\xff\xf1P\x80', 'audio/aac'],
    ['\x00\x00\x00\x20ftypM4A ....', 'audio/mp4'],
    ['\x00\x00\x00\x20ftypisom....', 'video/mp4'],
    ['\x00\x00\x00\x20ftyp3gp4....', 'video/3gpp'],
    ['Hola, \xc2\xbfqu\xc3\xa9 tal?\r\n', 'text/plain'],
  ])('%j is %s', (text, type) => {
    expect(typeOf(text)).toBe(type);
  });

  test.each([
    ['word/document.xml', `${OFFICE}.wordprocessingml.document`],
    ['xl/workbook.xml', `${OFFICE}.spreadsheetml.sheet`],
    ['ppt/presentation.xml', `${OFFICE}.presentationml.presentation`],
  ])('a ZIP with %s is %s', (member, type) => {
    expect(typeOf('PK\x03\x04....', `[Content_Types].xml ${member}`)).toBe(type);
  });
});

describe('what is not taken', () => {
  test.each([
    ['a program', 'MZ\x90\x00\x03'],
    ['an archive', 'PK\x03\x04 readme.txt'],
    ['text that is not UTF-8', 'caf\xe9 con leche'],
    ['text with control characters', 'a\x00b'],
    ['nothing', ''],
    ['a film of another kind', '\x00\x00\x00\x20ftypqt  ....'],
    ['sound in a box of another kind', 'OggS\x00\x02....theora'],
  ])('%s', (_what, text) => {
    expect(typeOf(text)).toBeUndefined();
  });

  test('a document that brings macros along', () => {
    const directory = '[Content_Types].xml word/document.xml word/vbaProject.bin';
    expect(typeOf('PK\x03\x04....', directory)).toBeUndefined();
  });

  test('by WhatsApp: what it does not know', () => {
    expect(SENT_TYPES).toContain('image/jpeg');
    expect(SENT_TYPES).not.toContain('image/webp');
  });
});

test('a page is text when it is a file of a conversation', () => {
  expect(typeOf('<script>alert(1)</script>')).toBe('text/plain');
});

describe('the name of a file', () => {
  test.each([
    ['photo.jpg', 'image/jpeg', 'photo.jpg'],
    ['photo.JPEG', 'image/jpeg', 'photo.JPEG'],
    ['bill.exe', 'application/pdf', 'bill.exe.pdf'],
    ['../../etc/passwd', 'text/plain', 'etc passwd.txt'],
    ['fdp.\u202egpj', 'image/jpeg', 'fdp. gpj.jpg'],
    ['', 'image/png', 'file.png'],
    [undefined, 'audio/ogg', 'file.ogg'],
    ['nota de voz.opus', 'audio/ogg', 'nota de voz.opus'],
    ['a\r\nb.txt', 'text/plain', 'a b.txt'],
  ])('%j of %s becomes %j', (wanted, type, name) => {
    expect(fileNameOf(wanted, type)).toBe(name);
  });

  test('is not endless', () => {
    expect(fileNameOf('x'.repeat(10_000), 'image/png').length).toBeLessThan(130);
  });
});
