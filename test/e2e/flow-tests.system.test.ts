// The tests beside the sample flows, played to a real Hilo by a real phone: what is heard and recorded is what the core says.
import { expect, inject, test } from 'vitest';
import { playOverSip, type SipResult } from '../../src/flow-cli/sip/run.js';
import { openSuite } from '../../src/flow-cli/test.js';

const { sip, http, dataFolder, flowsFolder } = inject('hilo');

test('every case that a phone can play goes as on the core; the others say why not', { timeout: 240_000 }, async () => {
  const suite = openSuite(flowsFolder);
  if (!suite.ok) throw new Error(JSON.stringify(suite.issues));
  const target = `sip:1000@${sip.host}:${sip.port}`;
  const agents = ['ana-desk', 'carla-desk'];
  const results = await playOverSip(suite.loaded, suite.files, { target, http, dataFolder, agents }, () => undefined);
  const told = (kind: SipResult['outcome']['kind']) => results.filter(({ outcome }) => outcome.kind === kind);
  expect(told('different')).toEqual([]);
  expect(told('same').map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'waits for the menu, then 2 is sales',
      '2 in the greeting is English, and everything is English from then on',
      'hangs up in the greeting',
    ]),
  );
  expect(told('same').length).toBeGreaterThanOrEqual(6);
  const reasons = told('not-playable').map(({ outcome }) => ('reason' in outcome ? outcome.reason : ''));
  expect(reasons).toContain('it needs a caller whose language is known');
  expect(reasons).toContain('the queue support has to give up on the caller');
});
