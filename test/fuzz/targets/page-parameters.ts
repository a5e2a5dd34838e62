import { strict as assert } from 'node:assert'
import { html } from '@remix-run/html-template'
import { cleanIdentifier } from '../../../src/api/v2/read-parameters.ts'
import { cleanMemo, MEMO_MAX_LENGTH } from '../../../src/secrets/edit-memo.ts'
import { grantTtl, ttlOrMinimum } from '../../../src/sharing/ttl.ts'
import { seconds } from '../../../src/time.ts'
import { accentStyle, parseColour } from '../../../src/web/assets/colour.ts'
import { parametersOf, parseRecentQuery, recentPath } from '../../../src/web/recent/query.ts'
import { splitSpecial } from '../../../src/web/recipient/special-characters.ts'
import { parseReturnPath, signInPath } from '../../../src/web/sign-in/return-path.ts'
import type { Target } from '../target.ts'

const POLICY = { default: seconds(604_800), maxAnonymous: seconds(604_800), maxAccount: seconds(2_592_000) }
const SITE = 'https://secrets.example'

/** Single parameters: a ttl, a note, where a sign-in leads back to, what a list is searched for; and a text as a page shows it. */
export const target: Target = {
  name: 'page-parameters',
  input: 'the value of a parameter, or a query string',
  seeds: () => [
    '3600.5',
    ' 3.6e3 ',
    '/recent?page=2&state=burned&q=a%20b',
    '/\\evil.example',
    '<b>a  note</b>\u00a0\u{1f469}\u200d\u{1f373}\u202e\r\n',
    '12abc',
    '#c0ffee',
  ],
  run(input) {
    const text = input.toString()
    assert.equal(new URL(parseReturnPath(text), SITE).origin, SITE)
    assert.equal(
      new URL(signInPath(parseReturnPath(text)), SITE).searchParams.get('return') ?? '/',
      parseReturnPath(text),
    )
    const memo = cleanMemo(text)
    assert.ok(Array.from(memo).length <= MEMO_MAX_LENGTH)
    assert.doesNotMatch(memo, /[\r\n]/)
    const parts = splitSpecial(text)
    assert.equal(parts.map((part) => part.text).join(''), text)
    assert.ok(parts.every((part) => part.text !== ''))
    const search = new URLSearchParams(text)
    const query = parseRecentQuery((name) => search.get(name))
    assert.deepEqual(
      parseRecentQuery((name) => Object.fromEntries(parametersOf(query))[name]),
      query,
    )
    assert.ok(recentPath(query).startsWith('/recent'))
    assert.match(cleanIdentifier(text), /^[\w-]*$/)
    assert.match(String(html`<p title="${text}">${text}</p>`), /^<p title="[^"<>]*">[^<>]*<\/p>$/)
    assertTtl(text)
    if (!/^#[\da-f]{6}$/i.test(text)) return
    assert.ok(parseColour(text).every((part) => part >= 0 && part <= 255))
    assert.doesNotMatch(accentStyle(text), /NaN|undefined/)
  },
}

function assertTtl(text: string): void {
  const granted = grantTtl(text, POLICY, POLICY.maxAccount)
  assert.ok(Number.isInteger(granted) && granted >= 60 && granted <= POLICY.maxAccount)
  const ofV2 = grantTtl(ttlOrMinimum(text), POLICY, POLICY.maxAccount)
  assert.ok(Number.isInteger(ofV2) && ofV2 >= 60 && ofV2 <= POLICY.maxAccount)
  const [number] = /^\s*\d{1,400}(?![\d.e])/i.exec(text) ?? []
  if (number !== undefined) assert.equal(ofV2, Math.min(Math.max(Number(number), 60), POLICY.maxAccount))
}
