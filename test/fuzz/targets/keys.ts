import { strict as assert } from 'node:assert'
import { parseAccountId } from '../../../src/accounts/records.ts'
import { DomainError } from '../../../src/errors.ts'
import { parseAliasId } from '../../../src/secrets/alias-ids.ts'
import {
  findKey,
  findOldKey,
  parseReceiptKey,
  parseRecordId,
  parseSecretKey,
  recordIdOf,
  secretKeyOf,
} from '../../../src/secrets/keys.ts'
import {
  aliasRecord,
  idOfAlias,
  idOfReceipt,
  ownerOfRecentList,
  ownerOfSessionEpoch,
  receiptRecord,
  recentList,
  sessionEpoch,
} from '../../../src/store/redis/keys.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const KEY = 'kort041hmba55rtyatt3ts4nk1kwtob'
const isUnknown = (error: unknown) => error instanceof DomainError && error.code === 'unknown_secret'

/** Keys in links, and the ids that a store gives back. */
export const target: Target = {
  name: 'keys',
  input: 'a key as a client sends it, or the name of a record in Redis',
  seeds: () => [
    KEY,
    `<${KEY.toUpperCase()}>.`,
    `"${KEY.slice(0, 9)} \n${KEY.slice(9)}"`,
    'a1b2c3',
    'el:m:{kor}dzoc8XPmFtg4TBmkmikLio',
    'el:recent:abcdefghijklmnopqrst_-',
    'kordzoc8XPmFtg4TBmkmikLio',
  ],
  run(input) {
    const text = input.toString()
    const secretKey = accepted(() => parseSecretKey(text), isUnknown)
    const receiptKey = accepted(() => parseReceiptKey(text), isUnknown)
    assert.equal(secretKey, receiptKey)
    if (secretKey !== undefined && receiptKey !== undefined) {
      assert.match(text, /^[a-z0-9]{1,62}$/)
      assert.equal(idOfReceipt(receiptRecord(recordIdOf(secretKey))), recordIdOf(secretKey))
      assert.equal(recordIdOf(secretKeyOf(receiptKey)).slice(0, 3), recordIdOf(secretKey).slice(0, 3))
      assert.equal(findOldKey(text), text)
    }
    const found = findKey(text)
    if (found !== undefined) {
      assert.match(found, /^[a-z0-9]{31}$/)
      assert.equal(findKey(found), found)
    }
    const old = findOldKey(text)
    if (old !== undefined) assert.equal(findOldKey(old), old)
    for (const [parse, name, idOf] of [
      [parseRecordId, receiptRecord, idOfReceipt],
      [parseAliasId, aliasRecord, idOfAlias],
      [parseAccountId, recentList, ownerOfRecentList],
      [parseAccountId, sessionEpoch, ownerOfSessionEpoch],
    ] as const) {
      const id = parse(text)
      if (id !== undefined) assert.equal(idOf(name(id as never)), id)
      const named = idOf(text)
      if (named !== undefined) assert.equal(parse(named), named)
    }
  },
}
