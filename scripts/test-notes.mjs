// Reporter of vitest: what its own do not keep. When a test process dies, which signal it was and which files were under way (vitest
// itself names neither); an error that no test waits for; a test that passed only when it was tried again. All go to the file
// HILO_TEST_NOTES, if named, each as a line of JSON `{ kind: 'outside' | 'again', text }`.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A process of vitest that runs tests, by what it was started with; tests end others as they like. */
const RUNNER = /vitest[/\\]dist[/\\]workers/;

// biome-ignore lint/style/noDefaultExport: so vitest finds a reporter
export default class TestNotes {
  #root = '';
  /** Files under way, each with its last test. */
  #running = new Map();
  #deaths = [];
  #again = [];

  onInit(vitest) {
    this.#root = vitest.config.root;
    subscribe('child_process', ({ process: child }) => {
      child.once('exit', (code, signal) => {
        if (child.spawnargs.some((argument) => RUNNER.test(argument))) this.#exited(child.pid, code, signal);
      });
    });
  }

  onTestModuleStart(module) {
    this.#running.set(module, undefined);
  }

  onTestCaseReady(test) {
    this.#running.set(test.module, test.fullName);
  }

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    const [error] = test.result().errors ?? [];
    this.#again.push(`${this.#line(test.module, test.fullName)}\n  at first: ${error?.message ?? 'no reason'}`);
  }

  onTestModuleEnd(module) {
    this.#running.delete(module);
  }

  onTestRunEnd(_modules, errors) {
    // Once more, where it is looked for.
    for (const death of this.#deaths) console.error(death);
    const outside = [...this.#deaths, ...errors.map((error) => this.#errorText(error))];
    this.#keep('outside', outside);
    this.#keep('again', this.#again);
  }

  #keep(kind, texts) {
    const file = process.env.HILO_TEST_NOTES;
    if (file !== undefined) appendFileSync(file, texts.map((text) => `${JSON.stringify({ kind, text })}\n`).join(''));
  }

  /** Vitest ends its processes with SIGTERM. */
  #exited(pid, code, signal) {
    if (signal === 'SIGTERM' || code === 0) return;
    const running = [...this.#running].map(([module, test]) => `  under way: ${this.#line(module, test)}`);
    const death = [`A process of the tests (${pid}) died of ${signal ?? `exit code ${code}`}`, ...running].join('\n');
    this.#deaths.push(death);
    console.error(death);
  }

  /** The file is where it was seen; what it comes from may have ended before. */
  #errorText({ message, stack = message, VITEST_TEST_PATH: path, VITEST_TEST_NAME: test }) {
    const seen =
      path === undefined ? '' : `\n  seen in: ${relative(this.#root, path)}${test === undefined ? '' : ` > ${test}`}`;
    return `An error outside of any test: ${stack}${seen}`;
  }

  #line(module, test) {
    const file = relative(this.#root, module.moduleId);
    return `${module.project.name} ${file}${test === undefined ? '' : ` > ${test}`}`;
  }
}
