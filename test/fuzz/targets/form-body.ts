import { strict as assert } from 'node:assert'
import { readIdentifiers } from '../../../src/api/v2/read-parameters.ts'
import { MAX_PARAMETERS, parseUrlencoded } from '../../../src/http/decode-params.ts'
import { openParameter } from '../../../src/http/open-parameter.ts'
import { splitName } from '../../../src/http/params.ts'
import { readSecretRequest } from '../../../src/http/secret-request.ts'
import { accepted } from '../accepted.ts'
import { isMalformed } from '../malformed.ts'
import type { Target } from '../target.ts'

/** Bodies and query strings as `application/x-www-form-urlencoded`: as the URL standard reads them, or rejected. */
export const target: Target = {
  name: 'form-body',
  input: 'a urlencoded body or a query string',
  seeds: () => [
    'secret=the+cake+is+in+the+oven&ttl=3600&passphrase=',
    'recipient[]=a%40example.com&recipient[]=b%40example.com&secret=%F0%9F%8D%B0%0D%0A',
    'secret=a&',
    '&secret=%u00e9&x',
    'secret[ttl]=60&secret[passphrase]=p&continue=true',
  ],
  run(input) {
    const text = input.toString()
    openParameter(text, undefined)
    const params = accepted(() => parseUrlencoded(text), isMalformed)
    if (params === undefined) return
    const expected = [...new URLSearchParams(`?${text}`)].map(
      ([raw, value]) => [splitName(raw).name, value] as const,
    )
    assert.ok(expected.length <= MAX_PARAMETERS)
    for (const name of new Set(expected.map(([each]) => each))) {
      const values = expected.filter(([each]) => each === name).map(([, value]) => value)
      assert.deepEqual(params.list(name), values)
    }
    accepted(() => readSecretRequest(params, { value: '', origin: 'given' }), isMalformed)
    accepted(() => readIdentifiers(params, { limit: 25 }), isMalformed)
    accepted(() => params.object('secret')?.text('ttl'), isMalformed)
  },
}
