// Reporter of vitest: when a test process dies, which signal it was and which files were under way. Vitest itself names neither.
import { subscribe } from 'node:diagnostics_channel';
import { relative } from 'node:path';

/** A process of vitest that runs tests, by what it was started with; tests end others as they like. */
const RUNNER = /vitest[/\\]dist[/\\]workers/;

// biome-ignore lint/style/noDefaultExport: so vitest finds a reporter
export default class TestDeaths {
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

  /** Once more, where it is looked for. */
  onTestRunEnd() {
    for (const death of this.#deaths) console.error(death);
  }

  /** Vitest ends its processes with SIGTERM. */
  #exited(pid, code, signal) {
    if (signal === 'SIGTERM' || code === 0) return;
    const running = [...this.#running].map(([module, test]) => `  under way: ${this.#line(module, test)}`);
    const death = [`A process of the tests (${pid}) died of ${signal ?? `exit code ${code}`}`, ...running].join('\n');
    this.#deaths.push(death);
    console.error(death);
  }

  #line(module, test) {
    const file = relative(this.#root, module.moduleId);
    return `${module.project.name} ${file}${test === undefined ? '' : ` > ${test}`}`;
  }
}
