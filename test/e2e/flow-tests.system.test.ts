// The tests beside the sample flows, played to a real Hilo by a real phone: what is heard and recorded is what the core says.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, inject, test } from 'vitest';
import { playOverSip, type SipResult } from '../../src/flow-cli/sip/run.js';
import { openSuite } from '../../src/flow-cli/test.js';

const { sip, http, dataFolder, flowsFolder } = inject('hilo');

async function played(folder: string, agents: readonly string[]): Promise<readonly SipResult[]> {
  const suite = openSuite(folder);
  if (!suite.ok) throw new Error(JSON.stringify(suite.issues));
  const options = { target: `sip:1000@${sip.host}:${sip.port}`, http, dataFolder, agents };
  return playOverSip(suite.loaded, suite.files, options, () => undefined);
}

/** Both call at the same time: each waits for what is played in real time. */
describe.concurrent('the tests of flows over SIP', { timeout: 240_000 }, () => {
  test('every case that a phone can play goes as on the core; the others say why not', async ({ expect }) => {
    const results = await played(flowsFolder, ['ana-desk', 'carla-desk']);
    const told = (kind: SipResult['outcome']['kind']) => results.filter(({ outcome }) => outcome.kind === kind);
    expect(told('different')).toEqual([]);
    expect(told('same').map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'waits for the menu, then 2 is sales',
        '2 in the greeting is English, and everything is English from then on',
        'hangs up in the greeting',
      ]),
    );
    const reasons = told('not-playable').map(({ outcome }) => ('reason' in outcome ? outcome.reason : ''));
    expect(reasons).toContain('it needs a caller whose language is known');
    expect(reasons).toContain('the queue support has to give up on the caller');
  });

  test('a server that says something else, or goes elsewhere, is found out', async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hilo-flows-'));
    try {
      cpSync(flowsFolder, folder, { recursive: true });
      const path = join(folder, 'main.yaml');
      const other = readFileSync(path, 'utf8').replace('1: support', '1: voicemail');
      writeFileSync(path, other.replace('Para soporte, pulse 1.', 'Para averías, pulse 1.'));
      writeFileSync(join(folder, 'main.test.yaml'), OTHER);
      const outcomes = (await played(folder, [])).map(({ name, outcome }) => ({ name, outcome }));
      const different = (expected: RegExp, instead: unknown) => ({
        kind: 'different',
        expected: expect.stringMatching(expected),
        instead,
        place: { line: expect.any(Number), column: 9 },
      });
      expect(outcomes).toHaveLength(2);
      expect(outcomes).toEqual(
        expect.arrayContaining([
          {
            name: 'another text',
            outcome: different(/^to hear es: Para averías/, expect.any(Array)),
          },
          {
            name: 'another way',
            outcome: different(/^to hear es: Deje su mensaje/, expect.arrayContaining(['main/greeting: key:1'])),
          },
        ]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** What the changed copy of the flows does, and the server does not. */
const OTHER = `version: 1
cases:
  - case: another text
    script:
      - silence
      - presses: 1
      - queue: support
  - case: another way
    script:
      - hears: { es: Hola… }
      - hears: …
      - presses: 1
      - hears: { es: Deje su mensaje… }
      - voicemail: empty
`;
