// What docs/bots.md shows: the flow compiles without a warning, and the messages are what Hilo sends and reads.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HttpClient } from '../../src/channels/web/http-client.js';
import { readReply } from '../../src/core/ivr/bot/bot-contract.js';
import { compileFlows } from '../../src/core/ivr/compile.js';
import { systemClock } from '../../src/lib/clock.js';
import { freePort } from '../../src/lib/free-port.js';
import { silentLog } from '../../src/lib/log.js';
import { AROUND } from '../support/flow-caller.js';
import { eventually } from '../support/servers.js';

const text = readFileSync('docs/bots.md', 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, block = '']) => block);

test('the flow compiles', () => {
  const flow = blocks('yaml').find((block) => block.startsWith('version: 1')) ?? '';
  const compiled = compileFlows([{ file: 'main.yaml', text: flow, revision: 'docs' }], AROUND);
  expect(compiled.ok ? compiled.warnings : compiled.issues).toEqual([]);
});

test('the answer is one', () => {
  const [sent = '', answer = ''] = blocks('json');
  expect(Object.keys(JSON.parse(sent))).toEqual(expect.arrayContaining(['contract', 'session', 'turn', 'event']));
  expect(readReply(JSON.parse(answer))).toMatchObject({ action: { queue: 'support' }, done: false });
});

test('the bot in a few lines answers turns', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-bot-'));
  const file = join(folder, 'bot.mjs');
  writeFileSync(file, blocks('js')[0] ?? '');
  const port = await freePort();
  const bot = spawn(process.execPath, [file, String(port)], { stdio: 'ignore' });
  const web = new HttpClient({ secrets: new Map(), clock: systemClock, log: silentLog });
  const host = { host: '127.0.0.1', port, insecure: true, private: true };
  const limits = { timeOutMs: 5_000, signal: new AbortController().signal };
  const say = async (turn: object): Promise<unknown> => {
    const body = JSON.stringify({ contract: 1, session: 's', language: 'es', facts: { name: 'Eva' }, ...turn });
    const result = await web.send(
      { method: 'POST', url: `http://127.0.0.1:${port}/`, headers: [], body },
      host,
      limits,
    );
    return result.outcome === 'answered' ? readReply(result.body) : result;
  };
  try {
    await eventually('the bot listens', async () => 'say' in Object(await say({ turn: 1, event: 'start' })));
    expect(await say({ turn: 1, event: 'start' })).toMatchObject({ say: 'Hola Eva', done: false });
    expect(await say({ turn: 2, event: 'digits', digits: '0' })).toMatchObject({ action: { queue: 'support' } });
    expect(await say({ turn: 3, event: 'silence' })).toMatchObject({ done: true });
  } finally {
    await web.close();
    bot.kill();
    await once(bot, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
});
