import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commands } from '../src/commands/table.ts'
import { settings } from '../src/config/settings.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const pages = [
  ...readdirSync(ROOT),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md'))
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

describe('the documentation', () => {
  it('has pages to check', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'SECURITY.md', 'docs/operate.md', 'docs/api/v1.md']),
    )
  })

  it.each(pages)('%s links to files and headings that exist', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
    const missing = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? page : join(dirname(page), path)
        if (!existsSync(join(ROOT, target))) return true
        return anchor !== undefined && !anchorsOf(read(target)).includes(anchor)
      })
    expect(missing).toEqual([])
  })

  it('is reachable from README.md, page by page', () => {
    const found = new Set(['README.md'])
    // A set goes on to what is added meanwhile.
    for (const page of found)
      for (const [, path = ''] of read(page).matchAll(/\]\((?!https?:)([^)\s#]+\.md)/g))
        found.add(join(dirname(page), path))
    expect(pages.filter((page) => page.startsWith('docs/') && !found.has(page))).toEqual([])
  })

  it.each(pages)('%s lists all of its sections, if it lists any at its top', (page) => {
    const [top = '', ...sections] = withoutCode(read(page)).split(/^## /m)
    const listed = [...top.matchAll(/\]\(#([^)]+)\)(?= ·|$)/gm)].map(([, anchor]) => anchor)
    const anchors = sections.flatMap((section) => anchorsOf(`## ${section.split('\n', 1)[0]}`))
    if (listed.length > 0) expect(listed).toEqual(anchors)
  })

  it.each(pages)('%s names commands that exist', (page) => {
    const groups = commands.map(({ name }) => name.split(' ')[0])
    const known = new Set([...commands.map(({ name }) => name), ...groups])
    const named = [
      ...read(page).matchAll(/(?<![/\w])emberlink ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+(?:-[a-z]+)*))?/g),
    ]
    const unknown = named.filter(([, command = '', subcommand]) => {
      const isGroup = !commands.some(({ name }) => name === command)
      return !known.has(isGroup && subcommand !== undefined ? `${command} ${subcommand}` : command)
    })
    expect(unknown.map(([text]) => text)).toEqual([])
  })

  it.each(pages)('%s names files and folders that exist', (page) => {
    const paths = [...read(page).matchAll(/`((?:src|test|docker|docs|scripts)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    )
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it('describes every room of src in docs/architecture.md, and no other', () => {
    const described = [...read('docs/architecture.md').matchAll(/^\| ((?:`[\w/]+\/`(?:, )?)+) \|/gm)].flatMap(
      ([, cell = '']) => [...cell.matchAll(/`(\w+)\//g)].map(([, room]) => room),
    )
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    )
    expect([...new Set(described)].sort()).toEqual(rooms.map(({ name }) => name).sort())
  })

  it('names existing settings for those of Onetime Secret', () => {
    const known = new Set<string>(Object.values(settings).map(({ name }) => name))
    const rows = [...read('docs/migrate-from-onetime-secret.md').matchAll(/^\| `[^|]+\| ([^|]*) \|/gm)]
    const named = rows.flatMap(([, cell = '']) => cell.match(/[A-Z][A-Z_]+/g) ?? [])
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })
})

describe('the sources that code and documentation cite', () => {
  const FOLDERS = ['src', 'scripts', 'docs', 'test']
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      // This file spells out what it searches for.
      .filter((entry) => entry.name !== 'docs.test.ts' || entry.parentPath !== join(ROOT, 'test'))
      .map((entry) => join(entry.parentPath, entry.name)),
  )

  it('are pages of this repository', () => {
    const outside = files.filter((file) =>
      /\bv1-api\b|(?<![\w/])clients\.md/.test(readFileSync(file, 'utf8')),
    )
    expect(outside).toEqual([])
  })

  it('are sections that exist', () => {
    const sections = new Set(
      [...read('docs/api/v1.md').matchAll(/^## (\d+)\./gm)].map(([, section]) => section),
    )
    const cited = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/docs\/api\/v1\.md,? sections? (\d+)(?: and (\d+))?/g)].flatMap(
        ([text]) =>
          text
            .match(/\d+/g)
            ?.slice(1)
            .map((section) => ({ file, section })) ?? [],
      ),
    )
    expect(cited.length).toBeGreaterThan(5)
    expect(cited.filter(({ section }) => !sections.has(section))).toEqual([])
  })
})

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '')
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
