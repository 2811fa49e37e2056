// Every message and piece of advice that the compiler of the texts can give has its Spanish: read from the source, so that none is forgotten.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { OF_CENTRE } from '../../../src/core/document/spanish/of-centre.js';
import { OF_FLOWS } from '../../../src/core/document/spanish/of-flows.js';
import { OF_TEXTS } from '../../../src/core/document/spanish/of-texts.js';
import { inSpanish } from '../../../src/core/document/spanish/spanish.js';

const FOLDERS = ['ivr', 'routing', 'document', 'flow-test'];
/** Functions that take a message or advice as one of their arguments. */
const TELLING = /^(issue|note|custom|at|warning|issueAt|say|textFor|syntaxError|fault)$/;
const NAMES = /^(message|advice|error|what)$/;
/** Descriptions of the language, put together from others, or not for people. */
const NOT_TOLD = new Set([
  '{} {}',
  "{} missing in '{}' and said in {}: {}",
  'a text is',
  '{} texts are',
  'nobody has the number',
  'no flow answers the number',
]);
const OTHER_FILES = /^(test-schema|manual|json-schema|spelling)\.ts$/;

/** As in the tables: what is put in stands as `{}`. */
function templatesOf(node: ts.Expression): string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('')];
  }
  if (ts.isConditionalExpression(node)) return [...templatesOf(node.whenTrue), ...templatesOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return templatesOf(node.expression);
  return [];
}

function toldIn(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && NAMES.test(node.name.getText())) found.push(...templatesOf(node.initializer));
    if (ts.isVariableDeclaration(node) && NAMES.test(node.name.getText()) && node.initializer !== undefined) {
      found.push(...templatesOf(node.initializer));
    }
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();
      if (TELLING.test(name)) found.push(...node.arguments.flatMap(templatesOf));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Words to people; single words are keys and kinds. */
const isSentence = (text: string): boolean => / /.test(text.replaceAll('{}', '').trim()) && !NOT_TOLD.has(text);
const sources = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path));
const files = FOLDERS.flatMap((folder) => sources(join('src/core', folder))).filter(
  (path) => path.endsWith('.ts') && !OTHER_FILES.test(basename(path)) && !path.includes('spanish'),
);
const told = new Set(files.flatMap(toldIn).filter(isSentence));

test('there are hundreds of them, and all of them are there in Spanish', () => {
  expect(told.size).toBeGreaterThan(300);
  expect([...told].filter((english) => inSpanish(english) === undefined)).toEqual([]);
});

test('what is put in stands in the same order and as often in both languages', () => {
  const all = Object.entries({ ...OF_TEXTS, ...OF_FLOWS, ...OF_CENTRE });
  const gaps = (text: string): number => text.split('{}').length;
  expect(all.filter(([english, spanish]) => gaps(english) !== gaps(spanish))).toEqual([]);
});

describe('in Spanish', () => {
  test.each([
    ["there is no step 'queue'", 'no hay ningún paso «queue»'],
    ["did you mean 'sales'?", '¿quiso decir «sales»?'],
    ["the centre has no queue 'queue'", 'el centro no tiene cola «queue»'],
    ['this has to be a text', 'esto tiene que ser un texto'],
    ['it has to give a text or a number', 'tiene que dar un texto o un número'],
    ["there is no opening hours 'office'", 'no existe: horario «office»'],
    [
      "2 texts are missing in 'en' and said in 'es': lines 4, 9",
      "faltan 2 textos en «en» y se dicen en 'es': líneas 4, 9",
    ],
    ['declare it under variables; known: name, tries', 'declárela en variables; hay: name, tries'],
    ['between 1s and 5m', 'entre 1s y 5m'],
    ['', ''],
  ])('%s', (english, spanish) => {
    expect(inSpanish(english)).toBe(spanish);
  });

  test('what nobody has said yet is known not to be there', () => {
    expect(inSpanish('the moon is out')).toBeUndefined();
  });
});
