import type { Reporter, TestModule } from 'vitest/node'

/** Closes a run with one line that any tool can read: `N passed, N failed`. */
export default class Summary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0
    let failed = unhandled.length
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
    // After the default reporter's own summary, which is written in the same turn.
    setImmediate(() => process.stdout.write(`${passed} passed, ${failed} failed\n`))
  }
}
