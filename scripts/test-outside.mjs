// Reporter of vitest: what goes wrong outside of any test. When a test process dies, which signal it was and which files were
// under way (vitest itself names neither); an error that no test waits for. Both go to the file HILO_TEST_OUTSIDE too, if named.
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

/** A process of vitest that runs tests, by what it was started with; tests end others as they like. */
const RUNNER = /vitest[/\\]dist[/\\]workers/;

// biome-ignore lint/style/noDefaultExport: so vitest finds a reporter
export default class TestOutside {
  #root = '';
  /** Files under way, each with its last test. */
  #running = new Map();
  #deaths = [];

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

  onTestModuleEnd(module) {
    this.#running.delete(module);
  }

  onTestRunEnd(_modules, errors) {
    // Once more, where it is looked for.
    for (const death of this.#deaths) console.error(death);
    const file = process.env.HILO_TEST_OUTSIDE;
    const all = [...this.#deaths, ...errors.map((error) => this.#errorText(error))];
    if (file !== undefined) appendFileSync(file, all.map((text) => `${text}\n`).join(''));
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
