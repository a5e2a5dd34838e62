import { strict as assert } from 'node:assert'
import { isEmailAddress } from '../../../src/accounts/email-address.ts'
import { bytesOf, keyOf, numberOf, type RawFields } from '../../../src/importer/onetime-secret/fields.ts'
import { parseHash } from '../../../src/importer/onetime-secret/found-record.ts'
import { lifetimeOf } from '../../../src/importer/onetime-secret/lifetime.ts'
import { oldNamesOf, parseOldName } from '../../../src/importer/onetime-secret/old-names.ts'
import { parseCustomer } from '../../../src/importer/onetime-secret/parse-customer.ts'
import { parseReceipt } from '../../../src/importer/onetime-secret/parse-receipt.ts'
import { parseSecret } from '../../../src/importer/onetime-secret/parse-secret.ts'
import { readHashes } from '../../../src/importer/onetime-secret/read-hashes.ts'
import { UnusableRecord } from '../../../src/importer/onetime-secret/unusable.ts'
import type { ForeignCommand, ForeignDatabase } from '../../../src/store/redis/foreign.ts'
import { milliseconds } from '../../../src/time.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const EXPIRES = milliseconds(1_768_478_400_000)
const isUnusable = (error: unknown) => error instanceof UnusableRecord
const OLD = {
  state: 'new',
  custid: 'ada@example.com',
  created: '1768478300',
  lifespan: '604800',
  secret_ttl: '604800',
}
const NEW = {
  state: '"previewed"',
  owner_id: '"anon"',
  created: '1768478300.5',
  has_passphrase: 'true',
  memo: '"a\\u0301"',
}

/** Records of an old server: secrets, receipts and accounts. */
export const target: Target = {
  name: 'old-records',
  input: 'the name of a key, then fields and values, with a zero byte between them',
  seeds: () => [
    recordOf('secret:abc123:object', {
      ...OLD,
      value: 'x\xff',
      value_encryption: '2',
      passphrase: '$2a$12$x',
      metadata_key: 'k',
    }),
    recordOf('secret:abc123:object', {
      ...NEW,
      ciphertext:
        '{"algorithm":"aes-256-gcm","nonce":"AAAA","ciphertext":"AA","auth_tag":"AA","key_version":"v1"}',
    }),
    recordOf('metadata:abc123:object', {
      ...OLD,
      secret_key: 'abc',
      recipients: 'a*****@e*****.com',
      viewed: '1768478301',
    }),
    recordOf('receipt:abc123:object', {
      ...NEW,
      secret_identifier: '"abc"',
      share_domain: '"a.example"',
      revealed: '1',
    }),
    recordOf('customer:ada@example.com:object', {
      custid: 'ada@example.com',
      apitoken: 'abc',
      extid: 'ur0123456789abcdefghijklmn',
    }),
  ],
  async run(input) {
    const [name = '', ...parts] = input.toString('latin1').split('\0')
    const old = parseOldName(name)
    if (old !== undefined) assert.ok(oldNamesOf(old.kind, old.id).includes(name))
    const pairs = Array.from({ length: Math.floor(parts.length / 2) }, (_, index) =>
      parts.slice(index * 2, index * 2 + 2),
    )
    const fields: RawFields = new Map(
      pairs.map(([field, value]) => [field ?? '', Buffer.from(value ?? '', 'latin1')]),
    )
    for (const field of fields.keys()) {
      assert.match(keyOf(fields, field) ?? 'none', /^[0-9a-z]{1,62}$/)
      assert.ok((numberOf(fields, field) ?? 0) >= 0)
      bytesOf(fields, field)
    }
    await assertRead(fields)
    const key = old?.id ?? ''
    const receipt = accepted(
      () => parseReceipt(key, fields, { owner: undefined, expires: EXPIRES }),
      isUnusable,
    )
    assert.ok(receipt?.custid === undefined || isEmailAddress(receipt.custid))
    const secret = accepted(() => parseSecret(key, fields, { receipt, expires: EXPIRES }), isUnusable)
    const customer = accepted(() => parseCustomer(key, fields, []), isUnusable)
    assert.ok(customer === undefined || isEmailAddress(customer.email))
    if (secret === undefined) return
    const found = lifetimeOf(
      { created: secret.created, granted: secret.lifespan, expires: EXPIRES },
      { lives: 1 },
    )
    if (found === undefined) return
    const { created, ttl } = found.lifetime
    assert.ok(Number.isSafeInteger(created) && Number.isSafeInteger(ttl) && ttl > 0)
  },
}

/** Reading a hash that has some fields finds these. */
async function assertRead(fields: RawFields): Promise<void> {
  const names = [...fields.keys()]
  const send = async (commands: readonly ForeignCommand[]) =>
    commands.map(([command]) =>
      command === 'hmgetBuffer' ? [...fields.values()] : command === 'pttl' ? -1 : 10,
    )
  const [read] = await readHashes({ send } as unknown as ForeignDatabase, ['a'], names)
  assert.deepEqual(read, { fields, ttl: undefined })
  assert.deepEqual(
    parseHash(read, (hash) => hash.fields),
    fields,
  )
}

function recordOf(name: string, fields: Readonly<Record<string, string>>): Buffer {
  return Buffer.from([name, ...Object.entries(fields).flat()].join('\0'), 'latin1')
}
