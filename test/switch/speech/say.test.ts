// What `say` makes of its arguments, in both languages.
import { describe, expect, test } from 'vitest';
import { sentenceOf } from '../../../src/switch/speech/say.js';

const say = (language: string, type: string, text: string, method = 'pronounced', gender = ''): string | undefined =>
  sentenceOf({ language, type, method, gender, text }, 'Europe/Madrid');

describe('say', () => {
  test.each<[string, string, string, string | undefined]>([
    ['en', 'NUMBER', '1234', '1234'],
    ['es', 'NUMBER', '12.5', '12,5'],
    ['es', 'CURRENCY', '1', 'un euro'],
    ['es', 'CURRENCY', '12.50', '12 euros con 50 céntimos'],
    ['es', 'CURRENCY', '3,01', '3 euros con un céntimo'],
    ['en', 'CURRENCY', '1', '1 dollar'],
    ['en', 'CURRENCY', '20.5', '20 dollars and 50 cents'],
    ['en', 'TELEPHONE_NUMBER', '+34 600', '+, 3, 4, 6, 0, 0'],
    ['es', 'NAME_SPELLED', 'ab', 'a, b'],
    ['en', 'TIME_MEASUREMENT', '3725', '1 hour, 2 minutes, and 5 seconds'],
    ['es', 'TIME_MEASUREMENT', '1:30', '1 minuto y 30 segundos'],
    ['en', 'TIME_MEASUREMENT', '0', '0 seconds'],
    ['es', 'CURRENT_DATE', '1700000000', '14 de noviembre de 2023'],
    ['en', 'CURRENT_DATE', '1700000000', 'November 14, 2023'],
    ['es', 'CURRENT_TIME', '1700000000', '23:13'],
    ['en', 'TEXT', 'as it is', 'as it is'],
    ['en', 'NUMBER', 'twelve', undefined],
    ['en', 'CURRENCY', '1.234', undefined],
    ['en', 'CURRENT_DATE', 'today', undefined],
    ['en', 'HOROSCOPE', '1', undefined],
  ])('%s %s %s', (language, type, text, said) => {
    expect(say(language, type, text)).toBe(said);
  });

  test('digits one by one, and in order of a row', () => {
    expect(say('en', 'NUMBER', '4711', 'iterated')).toBe('4, 7, 1, 1');
    expect(['1', '2', '3', '4', '11', '22'].map((text) => say('en', 'NUMBER', text, 'counted'))).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '22nd',
    ]);
    expect(say('es', 'NUMBER', '3', 'counted')).toBe('3º');
    expect(say('es', 'NUMBER', '3', 'counted', 'FEMININE')).toBe('3ª');
    expect(say('es', 'NUMBER', '1', 'pronounced', 'feminine')).toBe('una');
  });

  test('a time zone that does not exist is no reason to fail', () => {
    expect(sentenceOf({ language: 'en', type: 'CURRENT_TIME', method: '', gender: '', text: '1' }, 'Mars/Base')).toBe(
      undefined,
    );
  });
});
