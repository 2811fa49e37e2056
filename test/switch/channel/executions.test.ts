// The order of applications on one channel: told as what begins and ends.
import { describe, expect, test } from 'vitest';
import type { Control } from '../../../src/switch/channel/control.js';
import { type Command, Executions, NESTING_MAX, WAITING_MAX } from '../../../src/switch/channel/executions.js';

/** `long` ends when told or stopped, everything else at once. */
class Stage {
  readonly told: string[] = [];
  readonly controls = new Map<string, Control>();
  readonly #running = new Map<string, (response: string) => void>();
  readonly executions = new Executions({
    begin: ({ id }) => this.told.push(`+${id}`),
    run: (command, control) => this.#run(command, control),
    end: ({ id }, response) => this.told.push(response === 'done' ? `-${id}` : `-${id} ${response}`),
    failed: ({ id }) => this.told.push(`!${id}`),
  });

  submit(...ids: string[]): void {
    for (const id of ids) this.executions.submit(command(id));
  }

  async finish(id: string, response = 'done'): Promise<void> {
    this.#running.get(id)?.(response);
    await settled();
  }

  #run({ id, application }: Command, control: Control): string | Promise<string> {
    this.controls.set(id, control);
    if (application === 'throws') throw new Error('bug');
    if (application === 'rejects') return Promise.reject(new Error('bug'));
    if (application !== 'long') return 'done';
    return new Promise((resolve) => {
      this.#running.set(id, resolve);
      control.onStop((reason) => resolve(reason));
    });
  }
}

function command(id: string): Command {
  return { id, application: id.replace(/\d/g, ''), argument: '' };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('commands', () => {
  test('that end at once run one after the other', () => {
    const stage = new Stage();
    stage.submit('set1', 'set2');
    expect(stage.told).toEqual(['+set1', '-set1', '+set2', '-set2']);
  });

  test('run inside what takes time', async () => {
    const stage = new Stage();
    stage.submit('long1', 'set1', 'long2', 'set2');
    await stage.finish('long2');
    stage.submit('set3');
    await stage.finish('long1');
    expect(stage.told.join(' ')).toBe('+long1 +set1 -set1 +long2 +set2 -set2 -long2 +set3 -set3 -long1');
  });

  test('outer ones end only after those inside them', async () => {
    const stage = new Stage();
    stage.submit('long1', 'long2');
    await stage.finish('long1');
    expect(stage.told).toEqual(['+long1', '+long2']);
    await stage.finish('long2');
    expect(stage.told.slice(2)).toEqual(['-long2', '-long1']);
  });

  test('wait for one that is locked', async () => {
    const stage = new Stage();
    stage.executions.submit({ ...command('long1'), locked: true });
    stage.submit('set1');
    expect(stage.told).toEqual(['+long1']);
    await stage.finish('long1');
    expect(stage.told).toEqual(['+long1', '-long1', '+set1', '-set1']);
  });

  test('with a bug in them end too', async () => {
    const stage = new Stage();
    stage.submit('throws1', 'rejects1', 'set1');
    await settled();
    const error = '-ERR internal error';
    const told = ['+throws1', '!throws1', `-throws1 ${error}`, '+rejects1', '+set1', '-set1', '!rejects1'];
    expect(stage.told).toEqual([...told, `-rejects1 ${error}`]);
  });
});

describe('stopping', () => {
  test('a break reaches the innermost, a break-all everyone', async () => {
    const stage = new Stage();
    stage.submit('long1', 'long2', 'long3');
    stage.executions.stop('break');
    await settled();
    expect(stage.told.slice(3)).toEqual(['-long3 break']);
    stage.executions.stop('break-all');
    await settled();
    expect(stage.told.slice(4)).toEqual(['-long2 break-all', '-long1 break-all']);
  });

  test('holding ends what runs and keeps what comes', async () => {
    const stage = new Stage();
    stage.submit('long1');
    const held = stage.executions.hold();
    stage.submit('set1');
    await held;
    expect(stage.told).toEqual(['+long1', '-long1 transfer']);
    stage.executions.resume(command('long2'));
    expect(stage.told.slice(2)).toEqual(['+long2', '+set1', '-set1']);
  });

  test('closing ends everything, also what never began', async () => {
    const stage = new Stage();
    stage.executions.submit({ ...command('long1'), locked: true });
    stage.submit('set1');
    await stage.executions.close();
    stage.submit('set2');
    const gone = '-ERR the channel is gone';
    expect(stage.told).toEqual(['+long1', '-long1 hangup', `-set1 ${gone}`, `-set2 ${gone}`]);
  });

  test('what does not stop is ended by force, and its own end later says nothing', async () => {
    const stage = new Stage();
    const stuck = new Executions({
      begin: () => undefined,
      run: () => new Promise((resolve) => setImmediate(() => resolve('late'))),
      end: (_, response) => stage.told.push(response),
      failed: () => undefined,
    });
    stuck.submit(command('x'));
    const closing = stuck.close();
    stuck.forceEnd();
    await closing;
    await settled();
    expect(stage.told).toEqual(['-ERR the channel is gone']);
  });
});

describe('limits', () => {
  test('nesting goes only so deep, the next one waits', async () => {
    const stage = new Stage();
    for (let depth = 1; depth <= NESTING_MAX + 1; depth++) stage.submit(`long${depth}`);
    expect(stage.told).toHaveLength(NESTING_MAX);
    await stage.finish(`long${NESTING_MAX}`);
    expect(stage.told.at(-1)).toBe(`+long${NESTING_MAX + 1}`);
  });

  test('a command too many ends at once', () => {
    const stage = new Stage();
    stage.executions.submit({ ...command('long1'), locked: true });
    for (let at = 0; at <= WAITING_MAX; at++) stage.submit(`set${at}`);
    expect(stage.told.at(-1)).toBe(`-set${WAITING_MAX} -ERR too many commands are waiting`);
    expect(stage.told).toHaveLength(2);
  });
});
