// The labels of what agents fill into templates: what they become, and what is refused where.
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { compileCentre } from '../../../src/core/routing/compile-centre.js';
import { SAMPLE_TEXT } from '../../support/sample-centre.js';

const TEMPLATE = {
  title: { es: 'Cita', en: 'Visit' },
  parameters: ['day'],
  text: { es: '{{ day }}', en: '{{ day }}' },
};
const DAY = { es: 'Día', en: 'Day' };

function compile(template: object) {
  const conversations = { queue: 'support', templates: { visit: { ...TEMPLATE, ...template } } };
  const text = stringify({ ...parse(SAMPLE_TEXT), conversations });
  return compileCentre({ file: 'centre.yaml', text, revision: '' }, { flows: new Set(['main']) });
}

const labelsOf = (template: object) => {
  const compiled = compile(template);
  return compiled.ok ? compiled.value.conversations?.templates.get('visit')?.labels : compiled.issues;
};

test('each parameter may have one per language; without them there are none', () => {
  expect(labelsOf({ labels: { day: DAY } })).toEqual({ day: DAY });
  expect(labelsOf({})).toEqual({});
});

describe('what is refused', () => {
  test.each([
    ['a parameter that the template has not', { hour: DAY }, "there is no parameter 'hour'"],
    ['one that is no name', { 'a b': DAY }, 'a parameter is a small word, such as time'],
    ['a language of the centre left out', { day: { es: 'Día' } }, "the text in 'en' is missing"],
    ['another language', { day: { ...DAY, fr: 'Jour' } }, "'fr' is not a language of the centre"],
    ['nothing', { day: { ...DAY, en: ' ' } }, 'this is too little'],
    ['a long one', { day: { ...DAY, en: 'x'.repeat(61) } }, 'this is too much'],
  ])('%s', (_case, labels, message) => {
    const compiled = compile({ labels });
    expect(compiled.ok ? [] : compiled.issues.map((issue) => issue.message)).toContainEqual(
      expect.stringContaining(message),
    );
  });
});
