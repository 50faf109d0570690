/** A vitest reporter for scripts/test.mjs: what ran, and why what did not run did not. Vitest's own JSON report leaves the reason out. */
import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export interface SuiteReport {
  readonly passed: number;
  /** Names of tests, and of files and errors outside any test. */
  readonly failed: readonly string[];
  readonly skipped: readonly { readonly name: string; readonly reason: string | undefined }[];
}

export default class TestReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly { readonly message: string }[]): void {
    let passed = 0;
    const failed: string[] = errors.map((error) => error.message);
    const skipped: { name: string; reason: string | undefined }[] = [];
    for (const module of modules) {
      const failedBefore = failed.length;
      for (const test of module.children.allTests()) {
        const name = `${module.relativeModuleId}: ${test.fullName}`;
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'skipped') skipped.push({ name, reason: result.note });
        else failed.push(name);
      }
      // A file that does not load, or fails in a hook, may have no failed test of its own.
      if (module.state() === 'failed' && failed.length === failedBefore) failed.push(module.relativeModuleId);
    }
    const path = process.env['SIDETONE_TEST_REPORT'];
    if (path !== undefined) writeFileSync(path, JSON.stringify({ passed, failed, skipped } satisfies SuiteReport));
  }
}
