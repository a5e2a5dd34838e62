import { strict as assert } from 'node:assert'
import { openEmail, sealEmail } from '../../../src/accounts/sealed-email.ts'
import { openName, sealName } from '../../../src/accounts/sealed-name.ts'
import { parseUrName } from '../../../src/accounts/ur-name.ts'
import { DomainError } from '../../../src/errors.ts'
import { openImportedText, sealImported } from '../../../src/secrets/imported-text.ts'
import { recordIdOf, secretKeyOf } from '../../../src/secrets/keys.ts'
import { readReceipt } from '../../../src/secrets/receipt.ts'
import { openDetails, openMemo, sealDetails, sealMemo } from '../../../src/secrets/receipt-details.ts'
import { keysBehind } from '../../../src/secrets/receipt-keys.ts'
import type { ReceiptRecord } from '../../../src/secrets/records.ts'
import { openSender, sealSender } from '../../../src/secrets/sealed-sender.ts'
import { openSecret, sealSecret } from '../../../src/secrets/secret.ts'
import { bytes, derivations, good, ringOf } from '../../vectors/vectors.ts'
import { accepted } from '../accepted.ts'
import { splitTexts } from '../split-texts.ts'
import type { Target } from '../target.ts'

const [vector] = good.messages
const [pair] = derivations.pairs
const [account] = derivations.accounts
assert.ok(vector && pair && account)
const { id, created, ttl, secretKey } = vector
const { metadataKey: receiptKey } = pair
const binding = { id, created, ttl }
const own = { ...binding, id: recordIdOf(secretKeyOf(receiptKey)) }
const RECEIPT = { state: 'new', created, updated: created, ttl, protected: false, origin: 'given' } as const
const owner = { id: account.accountId, created }
const ring = ringOf(vector.rootKey)

const isUnreadable = (error: unknown) => error instanceof DomainError && error.code === 'unreadable_record'

/** Everything that is sealed in a record: what was sealed comes back, and nothing else opens. */
export const target: Target = {
  name: 'sealed-records',
  input: 'two texts; and the bytes of a sealed record',
  seeds: () => [
    'onetime.example\0the cake is in the oven',
    'ada@example.com\0ur0123456789abcdefghijklmn',
    ...good.senders.map((each) => bytes(each.sealed)),
    ...good.memos.map((each) => bytes(each.stored)),
    bytes(good.account.storedEmail),
  ],
  run(input) {
    const known = input.toString('hex')
    const isForged = !JSON.stringify(good).includes(known)
    if (isForged) {
      assert.equal(openSecret(ring, secretKey, undefined, input, binding), undefined)
      assert.equal(openImportedText(ring, secretKey, input, binding), undefined)
      assert.equal(openSender(ring, secretKey, input, binding), undefined)
      assert.equal(openEmail(ring, { ...owner, email: input }), undefined)
      assert.equal(openName(ring, { ...owner, name: input }), undefined)
      assert.equal(
        accepted(() => openMemo(ring, receiptKey, input, binding), isUnreadable),
        undefined,
      )
      assert.equal(
        accepted(() => openDetails(ring, receiptKey, input, binding), isUnreadable),
        undefined,
      )
    }
    const [head = '', value = ''] = splitTexts(input, 2)
    const shareDomain = head === '' ? undefined : head
    const secret = sealSecret(ring, secretKey, undefined, { value, shareDomain }, binding)
    assert.deepEqual(openSecret(ring, secretKey, undefined, secret, binding), { value, shareDomain })
    const imported = { digest: head, bytes: input }
    assert.deepEqual(
      openImportedText(ring, secretKey, sealImported(ring, secretKey, imported, binding), binding),
      imported,
    )
    assert.equal(openSender(ring, secretKey, sealSender(ring, secretKey, value, binding), binding), value)
    assert.equal(openMemo(ring, receiptKey, sealMemo(ring, receiptKey, value, binding), binding), value)
    const details = { custid: value, recipients: [head, value] }
    assert.deepEqual(
      openDetails(ring, receiptKey, sealDetails(ring, receiptKey, details, binding), binding),
      details,
    )
    const record = {
      ...RECEIPT,
      sealed: sealDetails(ring, receiptKey, details, own),
      memo: sealMemo(ring, receiptKey, value, own),
    }
    const receipt = readReceipt(ring, keysBehind(receiptKey), record as ReceiptRecord, created)
    assert.deepEqual([receipt.custid, receipt.recipients, receipt.memo], [value, [head, value], value])
    assert.equal(openEmail(ring, { ...owner, email: sealEmail(ring, value, owner) }), value)
    const name = parseUrName(value)
    if (name !== undefined)
      assert.equal(openName(ring, { ...owner, name: sealName(ring, name, owner) }), name)
  },
}
