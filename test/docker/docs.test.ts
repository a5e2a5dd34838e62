import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { makeSecrets, ROOT, readCompose } from './compose.ts'

const GUIDES = ['docs/operate.md', 'docs/regions.md']

describe.each(GUIDES)('%s', (path) => {
  const text = readFileSync(`${ROOT}${path}`, 'utf8')

  it('links to files and headings that exist', () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
    expect(links.length).toBeGreaterThan(0)
    for (const [, file, heading] of links) {
      const target = file === '' ? `${ROOT}${path}` : `${ROOT}${dirname(path)}/${file}`
      expect([target, existsSync(target)]).toEqual([target, true])
      if (heading !== undefined) expect(headings(readFileSync(target, 'utf8'))).toContain(heading)
    }
  })

  it('names compose files that exist', () => {
    for (const [, file] of text.matchAll(/ -f (\S+)/g))
      expect([file, existsSync(`${ROOT}${file}`)]).toEqual([file, true])
  })
})

describe('docs/operate.md', () => {
  it('puts a new root key in front of the old one by its command for Compose', () => {
    const folder = mkdtempSync(`${tmpdir()}/emberlink-rotate-`)
    makeSecrets(readCompose('docker-compose.yml'), folder)
    const [, command = ''] =
      /secrets -ec '([^']+)'/.exec(readFileSync(`${ROOT}docs/operate.md`, 'utf8')) ?? []
    const read = () => readFileSync(`${folder}/server/root_key`, 'utf8')
    const before = read().trim()
    execFileSync('sh', ['-ec', command.replace('/secrets', folder)])
    const { rootKeys } = loadConfig({ ROOT_KEY_FILE: 'root_key' }, read)
    expect(rootKeys?.map((key) => key.toString('hex'))).toEqual([expect.not.stringMatching(before), before])
    makeSecrets(readCompose('docker-compose.yml'), folder)
    expect(read()).toContain(`,${before}`)
    rmSync(folder, { recursive: true })
  })
})

/** Returns the anchors of a page, as GitHub makes them. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}
