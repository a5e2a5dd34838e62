import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/support/longest-first.ts'

/** Ends what hangs. No test measures time: on a busy machine everything may take as long as it likes. */
const HANG_MS = 300_000

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/prepare.ts'],
    reporters: ['default', './test/support/summary.ts'],
    pool: 'forks',
    // Loading the server for each file by itself would take a third of the processor time. So a worker keeps what it has
    // loaded, and a test that replaces a part of it puts it back.
    isolate: false,
    // More than twice the cores of a small machine, because many tests wait for processes.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    testTimeout: HANG_MS,
    hookTimeout: HANG_MS,
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
})
