import { milliseconds } from '../../time.ts'
import { OLD_KEY } from './fields.ts'
import { placesOf } from './find-records.ts'
import { type FoundRecord, parseHash } from './found-record.ts'
import { parseOldName } from './old-names.ts'
import type { OldCustomer } from './old-records.ts'
import type { OldRedis } from './old-redis.ts'
import { CUSTOMER_FIELDS, parseCustomer } from './parse-customer.ts'
import { readHashes } from './read-hashes.ts'
import type { Layout } from './survey.ts'

/** As many as a recent list of ours keeps. */
const NEWEST = 1000
// Records of statistics, up to 0.23.
const NO_ACCOUNTS = ['anon', 'GLOBAL']

/**
 * Reads all accounts with their recent lists, some possibly twice.
 *
 * @throws ForeignRedisError.
 */
export async function* readCustomers(
  old: OldRedis,
  layout: Layout,
): AsyncIterable<readonly FoundRecord<OldCustomer>[]> {
  for await (const { db, database, names } of placesOf(old, layout, 'customer')) {
    const records = names
      .map((name) => ({ name, id: parseOldName(name)?.id ?? '' }))
      .filter(({ id }) => !NO_ACCOUNTS.includes(id))
    const hashes = await readHashes(
      database,
      records.map(({ name }) => name),
      CUSTOMER_FIELDS,
    )
    const lists = await database.send(
      records.flatMap(({ id }) =>
        listNames(id).map((name) => ['zrevrange', name, 0, NEWEST - 1, 'WITHSCORES'] as const),
      ),
    )
    yield records.map(({ name, id }, index) => {
      const receipts = [...receiptsIn(lists[index * 2]), ...receiptsIn(lists[index * 2 + 1])]
      const content = parseHash(hashes[index], ({ fields }) => parseCustomer(id, fields, receipts))
      const others = listNames(id).map((list) => ({ db, name: list }))
      return { id, places: [{ db, name }, ...others], content, withoutTtl: false }
    })
  }
}

function listNames(id: string): readonly [string, string] {
  return [`customer:${id}:metadata`, `customer:${id}:receipts`]
}

/** Returns the entries of a sorted set; none when it is another type. */
function receiptsIn(reply: unknown): OldCustomer['receipts'] {
  if (!Array.isArray(reply)) return []
  const entries = []
  for (let i = 0; i < reply.length; i += 2) {
    const key = String(reply[i]).replace(/^"(.*)"$/, '$1')
    const at = Number(reply[i + 1]) * 1000
    if (OLD_KEY.test(key) && Number.isFinite(at)) entries.push({ key, at: milliseconds(Math.round(at)) })
  }
  return entries
}
