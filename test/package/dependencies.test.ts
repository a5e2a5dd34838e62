import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const MOST = 90

interface Locked {
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
  const installed = Object.entries(locked).filter(
    ([path, { dev, os = ['linux'], cpu = ['x64'], libc = ['glibc'] }]) =>
      path !== '' && !dev && os.includes('linux') && cpu.includes('x64') && libc.includes('glibc'),
  )
  expect(installed.length).toBeGreaterThan(50)
  expect(installed.map(([path]) => path).slice(MOST)).toEqual([])
  expect(read('docs/dependencies.md')).toContain(`installs ${installed.length} packages`)
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
