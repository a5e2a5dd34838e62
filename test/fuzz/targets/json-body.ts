import { strict as assert } from 'node:assert'
import { parseJson } from '../../../src/http/decode-params.ts'
import { excessiveShape } from '../../../src/http/json-shape.ts'
import { openParameter } from '../../../src/http/open-parameter.ts'
import { accepted } from '../accepted.ts'
import { isMalformed } from '../malformed.ts'
import type { Target } from '../target.ts'

/** Bodies as JSON: as `JSON.parse` reads them, but numbers as they stand there, or rejected. */
export const target: Target = {
  name: 'json-body',
  input: 'a JSON body',
  seeds: () => [
    '{"secret":"the cake\\r\\nis in \\u0074he oven","ttl":3600.5,"passphrase":null}',
    '{"secret":{"secret":"a","ttl":"604800","recipient":["ada@example.com",1,true]},"continue":true}',
    '{"secret":12345678901234567890,"recipient[]":[],"memo":"\\ud83c\\udf70","x":-1.5e-7}',
    '[[[[1]]]]',
    '{"secret":"\\"\\\\"}',
  ],
  run(input) {
    const text = input.toString()
    openParameter(text, 'application/json')
    const params = accepted(() => parseJson(input), isMalformed)
    if (params === undefined) {
      const isExcessive = excessiveShape(input) !== undefined
      assert.ok(isExcessive || !isPlain(text), 'an ordinary object was rejected')
      return
    }
    for (const [name, value] of Object.entries(JSON.parse(text) as object)) {
      if (name.endsWith('[]') || Object.hasOwn(JSON.parse(text) as object, `${name}[]`)) continue
      if (value === null) assert.equal(params.text(name), undefined)
      if (typeof value === 'string' || typeof value === 'boolean')
        assert.equal(params.text(name), String(value))
      if (typeof value === 'number') assert.equal(Number(params.text(name)), value)
      accepted(() => [params.list(name), params.object(name)?.text('secret')], isMalformed)
    }
  },
}

/** Tells whether a text is an object of well-formed texts that any server must accept. */
function isPlain(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value) || text.includes('\ufffd'))
      return false
    return Object.entries(value).every(
      ([name, member]) =>
        !name.includes('\0') && name.isWellFormed() && typeof member === 'string' && member.isWellFormed(),
    )
  } catch {
    return false
  }
}
