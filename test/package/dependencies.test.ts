import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const MOST = 90

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly dev?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
}

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
const manifest = JSON.parse(read('package.json'))
const locked: Record<string, Locked> = JSON.parse(read('package-lock.json')).packages

it('docs/dependencies.md gives a reason for each production dependency, and for nothing else', () => {
  const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)]
  expect(rows.map(([, name]) => name)).toEqual(Object.keys(manifest.dependencies).sort())
  for (const [, name, reason = ''] of rows) expect(reason.length, name).toBeGreaterThan(10)
})

it(`the production tree has at most ${MOST} packages on Linux x64`, () => {
  const production = Object.entries(locked).filter(([path, { dev }]) => path !== '' && !dev)
  const installed = production.filter(
    ([, { os = ['linux'], cpu = ['x64'], libc = ['glibc'] }]) =>
      os.includes('linux') && cpu.includes('x64') && libc.includes('glibc'),
  )
  expect(installed.length).toBeGreaterThan(50)
  expect(installed.map(([path]) => path).slice(MOST)).toEqual([])
  const page = read('docs/dependencies.md')
  expect(page).toContain(`installs ${installed.length} packages`)
  const binaries = production.length - installed.length
  expect(page).toContain(`lists ${production.length} packages: also the ${binaries} with binaries`)
})

it('each peer dependency is optional, and tested in the version that is named', () => {
  for (const [name, range] of Object.entries<string>(manifest.peerDependencies)) {
    expect(manifest.peerDependenciesMeta[name]).toEqual({ optional: true })
    const [major, minor] = range.replace('^', '').split('.')
    expect(manifest.devDependencies[name]).toMatch(
      new RegExp(`^${major}\\.${major === '0' ? `${minor}\\.` : ''}`),
    )
  }
})

describe('npm run sbom', () => {
  const sbom = () =>
    execFileSync('npm', ['run', '--silent', 'sbom'], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      encoding: 'utf8',
    })

  it('lists each package of production with its license and sum, and what it depends on', () => {
    const text = sbom()
    const { bomFormat, specVersion, metadata, components, dependencies } = JSON.parse(text) as Sbom
    expect({ bomFormat, specVersion }).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.5' })
    expect(metadata.component.purl).toBe(`pkg:npm/emberlink@${manifest.version}`)
    const production = Object.entries(locked).filter(([path, { dev }]) => path !== '' && !dev)
    const expected = production.map(([path, { version, license, integrity = '' }]) => ({
      purl: `pkg:npm/${path.replace(/.*node_modules\//, '').replace('@', '%40')}@${version}`,
      license,
      sha512: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
    }))
    const found = components.map(({ purl, licenses: [{ license, expression }], hashes: [{ content }] }) => ({
      purl,
      license: license?.id ?? license?.name ?? expression,
      sha512: content,
    }))
    const inOrder = <T extends { purl: string }>(list: T[]) => list.sort((a, b) => (a.purl < b.purl ? -1 : 1))
    expect(inOrder(found)).toEqual(inOrder(expected))
    expect(found.map(({ purl }) => purl.split('@')[0])).toContain('pkg:npm/nodemailer')

    const references = components.map((component) => component['bom-ref'])
    expect(dependencies.map(({ ref }) => ref).sort()).toEqual(
      [...references, metadata.component['bom-ref']].sort(),
    )
    expect(
      dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !references.includes(ref)),
    ).toEqual([])
    expect(sbom()).toBe(text)
  })
})

interface Sbom {
  readonly bomFormat: string
  readonly specVersion: string
  readonly metadata: { readonly component: { readonly 'bom-ref': string; readonly purl: string } }
  readonly components: readonly {
    readonly 'bom-ref': string
    readonly purl: string
    readonly licenses: readonly [{ readonly license?: { id?: string; name?: string }; expression?: string }]
    readonly hashes: readonly [{ readonly content: string }]
  }[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}
