import { type FoundHash, keyInName, lookUp, placesOf } from './find-records.ts'
import { expiryOf, type FoundRecord, lacksTtl, type OldTimes, parseHash } from './found-record.ts'
import { type OldPlace, parseOldName } from './old-names.ts'
import type { OldReceipt, OldSecret } from './old-records.ts'
import type { OldRedis } from './old-redis.ts'
import { lookUpOwners } from './owners.ts'
import { parseReceipt, RECEIPT_FIELDS } from './parse-receipt.ts'
import { parseSecret, receiptKeyOf, SECRET_FIELDS } from './parse-secret.ts'
import { isHash, type ReadHash, readLargeHashes } from './read-hashes.ts'
import type { Layout } from './survey.ts'
import { UnusableRecord } from './unusable.ts'

/**
 * Reads all secrets with their receipts, a few megabytes at once, some possibly twice.
 *
 * @throws ForeignRedisError.
 */
export async function* readSecrets(
  old: OldRedis,
  layout: Layout,
  times: OldTimes,
): AsyncIterable<readonly FoundRecord<OldSecret>[]> {
  for await (const { db, database, names } of placesOf(old, layout, 'secret')) {
    for await (const group of readLargeHashes(database, names, SECRET_FIELDS)) {
      const keys = group.map(([, hash]) => receiptKeyIn(hash)).filter((key) => key !== undefined)
      const receipts = await lookUp(old, layout, 'receipt', keys, RECEIPT_FIELDS)
      const ownerOf = await lookUpOwners(old, layout, receipts.values())
      yield group.map(([name, hash]) => {
        const key = receiptKeyIn(hash) ?? ''
        const found = receipts.get(key)
        const receipt =
          found && receiptOf(name, key, found, { owner: ownerOf(found), expires: expiryOf(found, times, 2) })
        return recordOf({ db, name }, hash, times, receipt && { receipt, place: found.place })
      })
    }
  }
}

/** The receipt of a secret, and where it is. */
interface PlacedReceipt {
  readonly receipt: OldReceipt
  readonly place: OldPlace
}

function recordOf(
  place: OldPlace,
  hash: ReadHash,
  times: OldTimes,
  found: PlacedReceipt | undefined,
): FoundRecord<OldSecret> {
  const content = parseHash(hash, (secret) => {
    const { lifespan, ...parsed } = parseSecret(keyInName(place.name), secret.fields, {
      receipt: found?.receipt,
      expires: expiryOf(secret, times, 1),
    })
    // Without a TTL, it has outlived its lifespan, or will. An import that believed it would forget the secret one day.
    const isBelieved = lifespan !== undefined && secret.ttl !== undefined
    return isBelieved ? { ...parsed, lifespan } : parsed
  })
  return {
    id: parseOldName(place.name)?.id ?? '',
    places: found === undefined ? [place] : [place, found.place],
    content,
    withoutTtl: lacksTtl(hash),
  }
}

function receiptKeyIn(hash: ReadHash): string | undefined {
  return isHash(hash) ? receiptKeyOf(hash.fields) : undefined
}

/** Parses the receipt that a secret names; undefined when it is damaged, or names another secret. */
function receiptOf(
  secretName: string,
  key: string,
  found: FoundHash,
  options: Parameters<typeof parseReceipt>[2],
): OldReceipt | undefined {
  const receipt = parseHash(found, ({ fields }) => parseReceipt(key, fields, options))
  if (receipt instanceof UnusableRecord) return undefined
  const { secretKey } = receipt
  return secretKey === undefined || secretKey === parseOldName(secretName)?.id ? receipt : undefined
}
