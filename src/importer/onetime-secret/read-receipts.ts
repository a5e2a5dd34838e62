import { type FoundHash, keyInName, lookUp, placesOf } from './find-records.ts'
import { expiryOf, type FoundRecord, lacksTtl, type OldTimes, parseHash } from './found-record.ts'
import { parseOldName } from './old-names.ts'
import type { OldReceipt } from './old-records.ts'
import type { OldRedis } from './old-redis.ts'
import { lookUpOwners } from './owners.ts'
import { parseReceipt, RECEIPT_FIELDS } from './parse-receipt.ts'
import { receiptKeyOf, SECRET_STATE_FIELDS, stateOf } from './parse-secret.ts'
import { isHash, readHashes } from './read-hashes.ts'
import type { Layout } from './survey.ts'
import { UnusableRecord } from './unusable.ts'

/**
 * Reads all receipts whose secrets are gone, some possibly twice. The others come with their secrets.
 *
 * @throws ForeignRedisError.
 */
export async function* readReceipts(
  old: OldRedis,
  layout: Layout,
  times: OldTimes,
): AsyncIterable<readonly FoundRecord<OldReceipt>[]> {
  for await (const { db, database, names } of placesOf(old, layout, 'receipt')) {
    const hashes = await readHashes(database, names, RECEIPT_FIELDS)
    const existing = hashes.filter(isHash)
    const ownerOf = await lookUpOwners(old, layout, existing)
    const records = names.map((name, index): FoundRecord<OldReceipt> => {
      const hash = hashes[index]
      const content = parseHash(hash, (found) => {
        const options = { owner: ownerOf(found), expires: expiryOf(found, times, 2) }
        return parseReceipt(keyInName(name), found.fields, options)
      })
      const id = parseOldName(name)?.id ?? ''
      return { id, places: [{ db, name }], content, withoutTtl: lacksTtl(hash) }
    })
    const keys = records.map(secretKeyIn).filter((key) => key !== undefined)
    const secrets = await lookUp(old, layout, 'secret', keys, SECRET_STATE_FIELDS)
    yield records.flatMap((record) => withoutSecret(record, secrets.get(secretKeyIn(record) ?? '')))
  }
}

function secretKeyIn({ content }: FoundRecord<OldReceipt>): string | undefined {
  return content instanceof UnusableRecord ? undefined : content.secretKey
}

/** Returns the record as what it is without a secret; nothing when it comes with its secret. */
function withoutSecret(
  record: FoundRecord<OldReceipt>,
  secret: FoundHash | undefined,
): FoundRecord<OldReceipt>[] {
  if (secret === undefined || receiptKeyOf(secret.fields) !== record.id) return [record]
  const state = parseHash(secret, ({ fields }) => stateOf(fields))
  if (!(state instanceof UnusableRecord)) return []
  return [state.reason === 'verification' ? { ...record, content: state } : record]
}
