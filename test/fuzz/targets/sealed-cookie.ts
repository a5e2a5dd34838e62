import { strict as assert } from 'node:assert'
import { Params } from '../../../src/http/params.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { readDrawnToken } from '../../../src/web/account/drawn-token.ts'
import type { WebContext } from '../../../src/web/context.ts'
import { openText, sealText } from '../../../src/web/sealed-text.ts'
import { good, ringOf } from '../../vectors/vectors.ts'
import type { Target } from '../target.ts'

const NOW = milliseconds(1_768_478_400_000)
const TTL = seconds(60)
const ring = ringOf(good.account.rootKey)
const at = (now: number) => ({ secrets: { ring, now: () => milliseconds(now) } }) as unknown as WebContext
const web = at(NOW)

/** What the browser keeps sealed: sessions, notices, keys of links that were sent, drawn tokens. */
export const target: Target = {
  name: 'sealed-cookie',
  input: 'the value of a cookie or form field; and a text to seal',
  seeds: () => [
    sealText(web, { name: 'session', text: '["ada@example.com","0123456789abcdef"]', ttl: TTL }),
    '',
  ],
  run(input) {
    const text = input.toString()
    const known = sealText(web, { name: 'session', text, ttl: TTL })
    assert.equal(openText(web, 'session', known), text)
    assert.equal(openText(web, 'notice', known), undefined)
    assert.equal(openText(at(NOW + 60_000), 'session', known), undefined)
    const drawn = new Params(
      new Map([['drawn_token', { values: [input.toString('latin1')], kind: 'scalar' }]]),
    )
    assert.equal(readDrawnToken(web, drawn), undefined)
    // Those of this process are under other salts.
    assert.equal(openText(at(NOW - 1), 'sent', input.toString('latin1')), undefined)
  },
}
