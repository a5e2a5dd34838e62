import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fetchPrograms } from '../support/debian.ts'

const execute = promisify(execFile)
const EXAMPLES = fileURLToPath(new URL('../../docs/testing/', import.meta.url))
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/examples/', import.meta.url))

/** How to run the tests of an example. */
export interface Runner {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** An example whose tests run here. */
export interface Example {
  /** Its folder in docs/testing. */
  readonly language: string
  /** What its tests print when all of them have passed. */
  readonly passed: RegExp
  /** Builds a copy of it. */
  prepare(folder: string): Promise<Runner>
}

/** Copies the examples into a temporary folder, so that no tool writes into docs. */
export async function copyExamples(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emberlink-examples-'))
  await cp(EXAMPLES, folder, { recursive: true })
  return folder
}

/** The examples in the languages that the machines of the tests have, or fetch. */
export const EXAMPLES_THAT_RUN: readonly Example[] = [
  {
    language: 'shell',
    passed: /^(ok: .*\n){7}$/,
    prepare: async () => ({ command: 'sh', args: ['test_secrets.sh'] }),
  },
  {
    language: 'python',
    passed: /\b5 passed/,
    async prepare(folder) {
      const requirements = join(folder, 'requirements.txt')
      const name = (await readFile(requirements, 'utf8')).trim().replace('==', '-')
      const packages = await cached(name, async (target) => {
        const install = ['-m', 'pip', 'install', '--quiet', '--target', target, '-r', requirements]
        await execute('python3', install)
      })
      const path = [packages, process.env['PYTHONPATH']].filter(Boolean).join(delimiter)
      return { command: 'python3', args: ['-m', 'pytest', '-q'], env: { PYTHONPATH: path } }
    },
  },
  {
    language: 'go',
    passed: /^(--- PASS: Test[\s\S]*?){5}\nPASS\n$/m,
    async prepare(folder) {
      await execute('go', ['test', '-c', '-o', 'secrets.test'], { cwd: folder })
      return { command: join(folder, 'secrets.test'), args: ['-test.v'] }
    },
  },
  {
    language: 'java',
    passed: /5 tests successful/,
    async prepare(folder) {
      const [, version = ''] =
        /<version>(6\.[\d.]+)</.exec(await readFile(join(folder, 'pom.xml'), 'utf8')) ?? []
      const name = `junit-platform-console-standalone-${version}`
      const artifact = `org.junit.platform:junit-platform-console-standalone:${version}`
      const junit = await cached(name, async (target) => {
        const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy'
        await execute('mvn', ['-q', '-B', copy, `-Dartifact=${artifact}`, `-DoutputDirectory=${target}`])
      })
      const jar = join(junit, `${name}.jar`)
      const sources = ['main/java/Secrets', 'test/java/EmberlinkExtension', 'test/java/SecretsTest']
      const files = sources.map((source) => `src/${source}.java`)
      await execute('javac', ['-d', 'classes', '-cp', jar, ...files], { cwd: folder })
      const scan = ['--class-path', 'classes', '--scan-class-path', '--disable-banner']
      return { command: 'java', args: ['-XX:TieredStopAtLevel=1', '-jar', jar, 'execute', ...scan] }
    },
  },
  {
    language: 'ruby',
    passed: /5 runs, \d+ assertions, 0 failures, 0 errors, 0 skips/,
    async prepare() {
      const test = 'secrets_client_test.rb'
      const installed = await execute('ruby', ['-e', 'require "minitest"']).catch(() => undefined)
      if (installed !== undefined) return { command: 'ruby', args: [test] }
      const { bin, env } = await fetchPrograms('ruby', ['ruby3.1', 'libruby3.1', 'ruby-minitest'])
      const usr = dirname(bin)
      const libraries = [
        join(usr, 'share/rubygems-integration/all/gems/minitest-5.17.0/lib'),
        join(usr, 'lib/ruby/vendor_ruby'),
        join(usr, 'lib/ruby/3.1.0'),
        ...env.LD_LIBRARY_PATH.split(':').map((architecture) => join(architecture, 'ruby/3.1.0')),
      ]
      // Without RubyGems, which looks for its own files where they were not installed.
      return {
        command: join(bin, 'ruby3.1'),
        args: ['--disable-gems', ...libraries.flatMap((library) => ['-I', library]), test],
        env: { ...env, MT_NO_PLUGINS: '1' },
      }
    },
  },
]

/** Fetches into a folder under `node_modules`, once. */
async function cached(name: string, fetch: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, name)
  if (existsSync(folder)) return folder
  await mkdir(CACHE, { recursive: true })
  const unfinished = await mkdtemp(join(CACHE, 'fetching-'))
  try {
    await fetch(unfinished)
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}
