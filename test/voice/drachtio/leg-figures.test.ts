import { describe, expect, test } from 'vitest';
import { FIGURES_WANTED, readFigures } from '../../../src/voice/drachtio/leg-figures.js';

describe('how a leg sounded, in the words of a media server', () => {
  test('is asked for in FreeSWITCH’s names, in one line', () => {
    expect(FIGURES_WANTED).toMatch(/^(\$\{rtp_audio_[a-z_]+\},?){7}$/);
  });

  test.each([
    ['both ways', '1500,1.25,12.50,4.31,0.50,4.38,35.0', [1_500, 1.25, 12.5, 4.31, [0.5, 4.38, 35]]],
    ['no RTCP, as with FreeSWITCH', '1500,0.00,0.00,4.50,,,\n', [1_500, 0, 0, 4.5, undefined]],
  ])('%s', (_, answer, [packets, lossPercent, jitterMs, opinion, reported]) => {
    const figures = readFigures(answer);
    expect(figures).toMatchObject({ packets, lossPercent, jitterMs, opinion });
    const told = figures?.reported;
    expect(told && [told.lossPercent, told.opinion, told.roundTripMs]).toEqual(reported);
  });

  test.each([
    ['nothing was ever heard', '0,0.00,0.00,4.50,,,'],
    ['eval is not known there', '-ERR eval Command not found!'],
    ['the leg is gone', '-ERR No such channel!'],
    ['empty', ''],
    ['not numbers', 'a,b,c,d,e,f,g'],
    ['an opinion that is none', '100,0,0,17,,,'],
  ])('%s: nobody can tell', (_, answer) => {
    expect(readFigures(answer)).toBeUndefined();
  });
});
