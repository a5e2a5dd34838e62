import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { everyCheck } from '../../src/conformance/checks/every.ts'
import { linkTo, SECTIONS, type Section } from '../../src/conformance/sections.ts'
import { selectChecks } from '../../src/conformance/select.ts'
import { V1_FAULTS } from './faults/v1.ts'
import { V2_FAULTS } from './faults/v2.ts'

const ROOT = new URL('../../', import.meta.url)
const ids = everyCheck.map(({ id }) => id)

describe('the checks', () => {
  it.each(Object.keys(SECTIONS) as Section[])('cite the section %s, which exists', (section) => {
    const [page = '', anchor] = linkTo(section).split('#')
    expect(existsSync(new URL(page, ROOT))).toBe(true)
    expect(anchorsOf(readFileSync(new URL(page, ROOT), 'utf8'))).toContain(anchor)
    expect(everyCheck.filter((check) => check.section === section)).not.toEqual([])
  })

  it('have names of their own, which say version, area and what', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^v[123]\/[a-z]+\/[a-z0-9-]+$/)
  })

  it('are claims about a server, on one line', () => {
    for (const { title } of everyCheck) expect(title).toMatch(/^[^\n]{10,130}[^.\n]$/)
  })

  it('can each be selected, with its area and its version', () => {
    for (const id of ids) {
      expect(selectChecks(everyCheck, id)?.map((check) => check.id)).toEqual([id])
      const area = id.split('/').slice(0, 2).join('/')
      expect(selectChecks(everyCheck, area)?.every((check) => check.id.startsWith(`${area}/`))).toBe(true)
    }
    expect(selectChecks(everyCheck, 'v1, v2,v3/')).toEqual(everyCheck)
    expect(selectChecks(everyCheck, undefined)).toEqual(everyCheck)
    for (const wrong of ['', 'v4', 'v1/bur', 'v1,nothing'])
      expect(selectChecks(everyCheck, wrong)).toBe(undefined)
  })

  it('are as many as docs/conformance.md says, with as many secrets', () => {
    const page = readFileSync(new URL('docs/conformance.md', ROOT), 'utf8')
    const secrets = everyCheck.reduce((sum, check) => sum + check.secrets, 0)
    expect(page).toContain(`\n${everyCheck.length} checks of https://secrets.example.com`)
    expect(page).toContain(`They create up to ${secrets} secrets`)
  })

  it('cover no area without a server that breaks it', () => {
    const areaOf = (id: string) => id.split('/')[1] ?? ''
    const found = [...V1_FAULTS, ...V2_FAULTS].flatMap(({ finds }) => finds.map(areaOf))
    expect([...new Set(ids.map(areaOf))].filter((area) => !found.includes(area))).toEqual([])
  })
})

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
