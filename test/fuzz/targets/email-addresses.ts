import { strict as assert } from 'node:assert'
import { canonicalEmail, isEmailAddress } from '../../../src/accounts/email-address.ts'
import { acceptToken } from '../../../src/accounts/token-strength.ts'
import { parseToken } from '../../../src/accounts/tokens.ts'
import { parseUrName, urNameOf } from '../../../src/accounts/ur-name.ts'
import { DomainError } from '../../../src/errors.ts'
import { obscure, parseRecipients } from '../../../src/sharing/recipients.ts'
import { accepted } from '../accepted.ts'
import { splitTexts } from '../split-texts.ts'
import type { Target } from '../target.ts'

const isRejected = (error: unknown) =>
  error instanceof DomainError && ['undeliverable_address', 'too_many_recipients'].includes(error.code)

/** Email addresses, ur names and API tokens. */
export const target: Target = {
  name: 'email-addresses',
  input: 'email addresses separated by commas, a zero byte, and a token',
  seeds: () => [
    'ada@example.com\x000123456789abcdef0123456789abcdef',
    'Grace.Hopper+navy@Sub.Example.co.uk,grace.hopper+navy@sub.example.co.uk\0passwordpassword',
    'm\u00fcller@b\u00fccher.example, \0',
    '"a b"@example.com\0x',
    'UR0123456789abcdefghijklmn\0ada@example.com',
  ],
  run(input) {
    const [list = '', token = ''] = splitTexts(input, 2)
    const named = list.split(',')
    const recipients = accepted(() => parseRecipients(named), isRejected) ?? []
    assert.equal(new Set(recipients.map(canonicalEmail)).size, recipients.length)
    for (const address of recipients) {
      assert.ok(isEmailAddress(address))
      assert.doesNotMatch(address, /[\s,;:<>"()[\]\\\p{Cc}]/u)
      assert.equal(address.split('@').length, 2)
      const canonical = canonicalEmail(address)
      assert.equal(canonicalEmail(canonical), canonical)
      assert.ok(isEmailAddress(canonical) || canonical.length > 254, `${canonical} is no address any more`)
      assert.equal(urNameOf(address), urNameOf(canonical))
      assert.match(obscure(address), /^.{1,2}\*{5}@.\*{5}\..+$/u)
      assert.ok(parseUrName(address) === undefined)
    }
    const name = parseUrName(list)
    if (name !== undefined) assert.equal(parseUrName(name.toUpperCase()), name)
    const given = acceptToken(token, list)
    if (typeof given === 'object') assert.equal(given.token, parseToken(token))
  },
}
