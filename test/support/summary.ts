import type { Reporter, TestCase, TestModule, TestRunEndReason, Vitest } from 'vitest/node'
import { brokenCitations, readKnownFaults, testFiles } from './known-faults.ts'

/**
 * Closes a run with one line that any tool can read: `N passed, N failed`. A run of the whole suite also fails when a
 * test that docs/known-faults.md names did not run and pass.
 */
export default class Summary implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest): void {
    this.#vitest = vitest
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly unknown[],
    reason: TestRunEndReason,
  ): void {
    const { passed, failed } = count(modules)
    const broken = reason !== 'interrupted' && this.#ranEverything(modules) ? checkFaults(modules) : []
    if (broken.length > 0) process.exitCode = 1
    const lines = [
      ...broken.map((line) => `FAIL  ${line}`),
      `${passed} passed, ${failed + unhandled.length + broken.length} failed`,
    ]
    // After the default reporter's own summary, which is written in the same turn.
    setImmediate(() => process.stdout.write(`${lines.join('\n')}\n`))
  }

  /** Tells a run of the whole suite from one that was narrowed to some files or titles. */
  #ranEverything(modules: readonly TestModule[]): boolean {
    if (this.#vitest?.config.testNamePattern !== undefined) return false
    const ran = new Set(modules.map(({ relativeModuleId }) => relativeModuleId))
    return testFiles().every((file) => ran.has(file))
  }
}

function count(modules: readonly TestModule[]): { passed: number; failed: number } {
  let passed = 0
  let failed = 0
  for (const module of modules) {
    let broken = module.state() === 'failed'
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') passed += 1
      else {
        failed += 1
        broken = false
      }
    }
    if (broken) failed += 1
  }
  return { passed, failed }
}

function checkFaults(modules: readonly TestModule[]): string[] {
  const found = modules.flatMap((module) =>
    [...module.children.allTests()].map((test) => ({
      file: module.relativeModuleId,
      title: titleOf(test),
      state: test.result().state,
    })),
  )
  return brokenCitations(readKnownFaults(), found, 'passed')
}

function titleOf(test: TestCase): string {
  return test.fullName.replaceAll(' > ', ' › ')
}
