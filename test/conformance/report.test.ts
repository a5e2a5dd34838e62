import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/conformance/check.ts'
import { Redactor } from '../../src/conformance/redactor.ts'
import { writeJson } from '../../src/conformance/report/json.ts'
import { writeJunit } from '../../src/conformance/report/junit.ts'
import { exitStatusOf } from '../../src/conformance/report/summary.ts'
import { writeTable } from '../../src/conformance/report/table.ts'
import { escapeXml } from '../../src/conformance/report/xml.ts'

const base = {
  section: 'v1Errors',
  prevented: false,
  notes: [],
  differences: [],
  requests: 1,
  milliseconds: 5,
} as const
const AGREES: Result = {
  ...base,
  id: 'v1/a/one',
  title: 'first',
  outcome: 'agrees',
  notes: ['as another server'],
}
const DIFFERS: Result = {
  ...base,
  id: 'v1/b/two',
  title: 'second & <last>',
  outcome: 'differs',
  differences: [{ at: 'GET /api: body.ttl', expected: 'a whole number', came: '"3600"' }],
}
const NOT_RUN: Result = {
  ...base,
  id: 'v1/b/three',
  title: 'third',
  outcome: 'not run',
  reason: 'no account was given',
}
const PREVENTED: Result = { ...NOT_RUN, reason: 'rate limit', prevented: true }
const RUN = { results: [AGREES, DIFFERS, NOT_RUN], requests: 3, created: 2, left: 0 }

describe('the reports', () => {
  it('say what agrees, what differs and how, what was not run and why, and where to read', () => {
    expect(writeTable(RUN)).toBe(
      [
        'agrees   v1/a/one    docs/api/v1.md#5-errors  first',
        '         accepted: as another server',
        'DIFFERS  v1/b/two    docs/api/v1.md#5-errors  second & <last>',
        '         GET /api: body.ttl',
        '           expected a whole number',
        '           came     "3600"',
        'not run  v1/b/three  docs/api/v1.md#5-errors  third',
        '         no account was given',
        '',
        '1 agree, 1 differ, 1 not run',
        '3 requests, 2 secrets created, all removed',
        '',
      ].join('\n'),
    )
    expect(writeTable({ ...RUN, left: 1 })).toContain('1 could not be removed and will expire')
    expect(writeTable({ ...RUN, requests: 1, created: 1 })).toContain('\n1 request, 1 secret created, ')
  })

  it('are JSON for programs', () => {
    const report = JSON.parse(writeJson('https://secrets.example.com', RUN))
    expect(report).toMatchObject({
      server: 'https://secrets.example.com',
      summary: { agrees: 1, differs: 1, notRun: 1 },
      secrets: { created: 2, left: 0 },
      results: [
        {
          id: 'v1/a/one',
          outcome: 'agrees',
          section: 'docs/api/v1.md#5-errors',
          notes: ['as another server'],
        },
        { outcome: 'differs', differences: DIFFERS.differences },
        { outcome: 'not run', reason: 'no account was given' },
      ],
    })
  })

  it('are JUnit XML for CI, with a suite for each area', () => {
    expect(writeJunit(RUN)).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="emberlink conformance" tests="3" failures="1" errors="0" skipped="1" time="0.015">',
        '<testsuite name="v1/a" tests="1" failures="0" errors="0" skipped="0" time="0.005">',
        '<testcase classname="v1/a" name="v1/a/one: first (docs/api/v1.md#5-errors)" time="0.005"><system-out>accepted: as another server</system-out></testcase>',
        '</testsuite>',
        '<testsuite name="v1/b" tests="2" failures="1" errors="0" skipped="1" time="0.01">',
        '<testcase classname="v1/b" name="v1/b/two: second &amp; &lt;last&gt; (docs/api/v1.md#5-errors)" time="0.005"><failure type="docs/api/v1.md#5-errors" message="differs from docs/api/v1.md#5-errors">GET /api: body.ttl&#10;  expected a whole number&#10;  came     &quot;3600&quot;</failure></testcase>',
        '<testcase classname="v1/b" name="v1/b/three: third (docs/api/v1.md#5-errors)" time="0.005"><skipped message="no account was given"/></testcase>',
        '</testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    )
  })

  it('give CI 0 when all that was run agrees, 1 when anything differs, and 2 when the run was prevented', () => {
    expect(exitStatusOf([AGREES, NOT_RUN])).toBe(0)
    expect(exitStatusOf([AGREES, DIFFERS, PREVENTED])).toBe(1)
    expect(exitStatusOf([AGREES, PREVENTED])).toBe(2)
    expect(exitStatusOf([NOT_RUN])).toBe(2)
    expect(exitStatusOf([])).toBe(2)
  })
})

const piece = fc.constantFrom(
  '&',
  '<',
  '>',
  '"',
  "'",
  '\n',
  '\t',
  '\r',
  ';',
  '#',
  'amp',
  '10',
  'é',
  '👩‍👩‍👧',
  ']]>',
)

describe('a text in XML', () => {
  it('comes out as it went in, and never as markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: piece }), (text) => {
        const escaped = escapeXml(text)
        expect(escaped).not.toMatch(/[<>"\t\n\r]|&(?!#\d+;|amp;|lt;|gt;|quot;)/)
        expect(unescapeXml(escaped)).toBe(text)
      }),
    )
  })

  it('has none of the characters that XML 1.0 forbids', () => {
    expect(escapeXml('a\0\b\x1f\ufffe\ud800b')).toBe(`a${'\ufffd'.repeat(5)}b`)
    expect(escapeXml('\t\n\r 👩‍👩‍👧')).toBe('&#9;&#10;&#13; 👩‍👩‍👧')
  })
})

describe('a value that came', () => {
  it('is shown without what is hidden, however it is written, and without whatever looks like a key', () => {
    const redactor = new Redactor()
    redactor.hide('my secret & more')
    const key = 'k'.repeat(31)
    for (const value of [
      'my secret & more',
      { message: 'It is my secret & more.' },
      { message: `Unknown ${key}` },
      encodeURIComponent('my secret & more'),
      { secret_value: 'unknown', nested: [{ identifier: 'abc' }] },
    ]) {
      const shown = redactor.value(value)
      expect(shown).toContain('(hidden)')
      expect(shown).not.toMatch(/my secret|my%20secret|kkk|unknown|abc/)
    }
  })

  it('is shown without what is hidden, also where JSON writes it otherwise', () => {
    const redactor = new Redactor()
    redactor.hide('a "quoted\\" token')
    expect(redactor.value({ message: 'no a "quoted\\" token' })).toBe('{"message":"no (hidden)"}')
  })

  it('is one line without characters that a terminal obeys', () => {
    const shown = new Redactor().value('\x1b[2J\nagrees\x7f\x9b31m\u202e\u2028\u{e0001}é👩‍👧')
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u)
    expect(JSON.parse(shown)).toBe('\x1b[2J\nagrees\x7f\x9b31m\u202e\u2028\u{e0001}é👩‍👧')
  })

  it('is named by its size when it is huge or nested too deeply', () => {
    const redactor = new Redactor()
    expect(redactor.value('x'.repeat(300_000))).toBe('JSON of 300002 characters')
    const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    expect(redactor.value(deep)).toBe('JSON that is nested too deeply')
  })

  it('is shown with its type, and cut when it is long', () => {
    const redactor = new Redactor()
    expect(['3600', 3600, null, true, undefined].map((value) => redactor.value(value))).toEqual([
      '"3600"',
      '3600',
      'null',
      'true',
      'nothing',
    ])
    expect(redactor.value('word '.repeat(100)).length).toBeLessThan(200)
  })
})

const CHARACTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code, name) =>
    code === undefined ? (CHARACTERS[name] ?? '') : String.fromCharCode(Number(code)),
  )
}
