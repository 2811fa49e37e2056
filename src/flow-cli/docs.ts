// `npm run flow docs`: writes docs/flows.md from its hand-written part and the language itself.
import { readFileSync, writeFileSync } from 'node:fs';
import { flowManual } from '../core/ivr/schema/manual.js';
import { centreJsonSchema } from '../core/routing/keys/centre-json.js';
import { print } from './print.js';

const TEMPLATE = 'docs/parts/flows.md';
const MANUAL = 'docs/flows.md';

export async function docs(): Promise<number> {
  writeFileSync(MANUAL, flowManual(readFileSync(TEMPLATE, 'utf8'), centreJsonSchema()));
  print(`${MANUAL} is written`);
  return 0;
}
