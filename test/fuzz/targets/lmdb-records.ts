import { strict as assert } from 'node:assert'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import type { AccountRecord } from '../../../src/accounts/records.ts'
import { NO_SUM, writeSum } from '../../../src/store/lmdb/checksum.ts'
import {
  type AttemptsOnDisk,
  decodeAttempts,
  decodePair,
  encodeAttempts,
  encodePair,
  type PairOnDisk,
} from '../../../src/store/lmdb/format.ts'
import { withSums } from '../../../src/store/lmdb/table.ts'
import { milliseconds, seconds } from '../../../src/time.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const ID = 'kordzoc8XPmFtg4TBmkmikLio'
const NOW = milliseconds(1_768_478_400_000)
const RECEIPT = { state: 'new', created: NOW, updated: NOW, ttl: seconds(60), protected: false } as const
const SECRET = { sealed: Buffer.alloc(40, 1), protected: false, root: '1b501a79' }
const ATTEMPTS: AttemptsOnDisk = {
  all: { count: 1, end: NOW },
  bySource: { 'abcdefghijklmno-': { count: 1, end: NOW } },
}

const folder = mkdtempSync(join(tmpdir(), 'emberlink-fuzz-'))
const root = open({
  path: join(folder, 'x.mdb'),
  noSubdir: true,
  noSync: true,
  encoder: { useRecords: false },
})
const { encoder } = root as unknown as { readonly encoder: { encode(value: object): Buffer } }

/** Returns the table in which every key has the same bytes. */
function tableOf<V extends object>(bytes: Buffer) {
  return withSums<V, string>({ encoder, getBinary: () => bytes } as never, 'the file')
}

const isDamage = (error: unknown) =>
  error instanceof Error && error.message.startsWith('MDB_CORRUPTED: the file is damaged')

/** Records in the embedded store, as bytes. */
export const target: Target = {
  name: 'lmdb-records',
  input: 'an encoded record; its sum is put right',
  seeds: () =>
    [
      encodePair({ receipt: { ...RECEIPT, origin: 'given' }, secret: SECRET }),
      encodePair({
        receipt: { ...RECEIPT, origin: 'generated', sealed: Buffer.alloc(30), memo: Buffer.alloc(50) },
      }),
      ATTEMPTS,
      { email: Buffer.alloc(60), token: Buffer.alloc(32), created: NOW },
    ].flatMap((record) => [encoded(record), Buffer.from(encoder.encode(record))]),
  run(input) {
    const key = Buffer.from(ID)
    const found = accepted(() => tableOf<object>(input).get(ID), isDamage)
    if (input.length >= 10) {
      const bytes = Buffer.from(input)
      writeSum(key, bytes)
      accepted(() => tableOf<object>(bytes).get(ID), isDamage)
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined)
    assert.equal(Object.getPrototypeOf({}), Object.prototype)
    if (found === undefined) return
    const again = tableOf<object>(encoded(found)).get(ID)
    assert.deepEqual(Object.keys(again as object), Object.keys(found))
    const { metadata } = found as PairOnDisk
    if (typeof metadata === 'object' && metadata !== null) decodePair(found as PairOnDisk)
    const { all } = found as AttemptsOnDisk
    if (typeof all === 'object' && all !== null) encodeAttempts(decodeAttempts(found as AttemptsOnDisk))
    assert.ok(typeof (found as AccountRecord) === 'object')
  },
  async close() {
    await root.close()
    rmSync(folder, { recursive: true })
  },
}

function encoded(record: object): Buffer {
  const bytes = Buffer.from(encoder.encode({ ...record, sum: NO_SUM }))
  writeSum(Buffer.from(ID), bytes)
  return bytes
}
