import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, it } from 'vitest'

const execute = promisify(execFile)
const require = createRequire(import.meta.url)
const STORY = readFileSync(new URL('story.js.txt', import.meta.url), 'utf8')
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const JEST = require.resolve('jest/bin/jest')
const MOCHA = require.resolve('mocha/bin/mocha.js')
/** Seconds would do; but on a busy machine everything may take as long as it likes. */
const PATIENCE_MS = '240000'

type Modules = 'ESM' | 'CommonJS'

const HEADS: Readonly<Record<Modules, string>> = {
  ESM: `import assert from 'node:assert/strict'
import { startTestServer } from 'emberlink/testing'
`,
  CommonJS: `const assert = require('node:assert/strict')
const { startTestServer } = require('emberlink/testing')
`,
}

interface Runner {
  readonly name: string
  readonly modules: Modules
  /** Of Node.js. */
  readonly args: readonly string[]
  /** Where the runner has no global `it`. */
  readonly head?: string
  /** What it prints about one test that passes and one that fails. */
  readonly summary: RegExp
  /** Whether its tests hear of the end of the process, and so remove what a failed one has left. */
  readonly exits: boolean
}

const jest = [JEST, '--ci', '--watchman=false', `--testTimeout=${PATIENCE_MS}`, '--testMatch=**/story.test.*']
const vitest = [VITEST, 'run', '--globals', `--testTimeout=${PATIENCE_MS}`]
const mocha = [MOCHA, `--timeout=${PATIENCE_MS}`, 'story.test.*']

const RUNNERS: readonly Runner[] = [
  { name: 'vitest', modules: 'ESM', args: vitest, summary: /1 failed \| .*1 passed/, exits: false },
  {
    name: 'Jest',
    modules: 'ESM',
    args: ['--experimental-vm-modules', ...jest],
    summary: /1 failed, 1 passed/,
    exits: false,
  },
  { name: 'Jest', modules: 'CommonJS', args: jest, summary: /1 failed, 1 passed/, exits: false },
  { name: 'Mocha', modules: 'ESM', args: mocha, summary: /1 passing[\s\S]+1 failing/, exits: true },
  { name: 'Mocha', modules: 'CommonJS', args: mocha, summary: /1 passing[\s\S]+1 failing/, exits: true },
  {
    name: 'node:test',
    modules: 'ESM',
    args: ['--test'],
    head: `import { it } from 'node:test'\n`,
    summary: /pass 1\n[\s\S]+fail 1\n/,
    exits: true,
  },
  {
    name: 'node:test',
    modules: 'CommonJS',
    args: ['--test'],
    head: `const { it } = require('node:test')\n`,
    summary: /pass 1\n[\s\S]+fail 1\n/,
    exits: true,
  },
]

/**
 * Describes that `emberlink/testing` works in every test runner, and that a runner ends although a test of it has failed.
 *
 * @param project Returns the folder of a project that has installed the package.
 */
export function describeRunners(project: () => string): void {
  const named = RUNNERS.map((runner) => [`${runner.name}, ${runner.modules}`, runner] as const)
  describe.concurrent("import { startTestServer } from 'emberlink/testing' in a test runner", () => {
    it.for(named)(
      'serves tests in %s, which ends after a failed test',
      async ([name, runner], { expect }) => {
        const folder = join(project(), 'runners', name.replace(/\W+/g, '-'))
        const temporary = join(folder, 'temporary')
        mkdirSync(temporary, { recursive: true })
        const { modules, head = '', args, summary, exits } = runner
        const story = join(folder, modules === 'ESM' ? 'story.test.mjs' : 'story.test.cjs')
        writeFileSync(story, `${head}${HEADS[modules]}\n${STORY}`)
        writeFileSync(join(folder, 'package.json'), '{}')
        const env = { PATH: process.env['PATH'], TMPDIR: temporary, NO_COLOR: '1' }
        const ended = await execute(process.execPath, [...args], { cwd: folder, env }).then(
          ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
          ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
        )
        expect(ended).toEqual({ code: 1, output: expect.stringMatching(summary) })
        expect(ended.output).toContain('thrown by the test')
        const left = readdirSync(temporary).filter((entry) => entry.startsWith('emberlink-'))
        if (exits) expect(left).toEqual([])
      },
    )
  })
}
