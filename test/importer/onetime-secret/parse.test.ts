import { describe, expect, it } from 'vitest'
import type { RawFields } from '../../../src/importer/onetime-secret/fields.ts'
import { parseCustomer } from '../../../src/importer/onetime-secret/parse-customer.ts'
import { parseReceipt } from '../../../src/importer/onetime-secret/parse-receipt.ts'
import { parseSecret } from '../../../src/importer/onetime-secret/parse-secret.ts'
import { milliseconds } from '../../../src/time.ts'

type Fields = Readonly<Record<string, string | Buffer>>

const EXPIRES = milliseconds(2e12)
const PLAIN: Fields = {
  state: 'new',
  value: Buffer.from([0, 255, 34]),
  value_encryption: '2',
  metadata_key: 'r',
  lifespan: '3600',
  created: '1700000000',
  passphrase: '',
  share_domain: '',
  verification: '',
  truncated: '',
}
const ENVELOPE = {
  algorithm: 'aes-256-gcm',
  nonce: 'AAEC',
  ciphertext: 'AwQ=',
  auth_tag: 'BQ==',
  key_version: 'v2',
  envelope_version: 2,
}
const JSON_FIELDS: Fields = {
  state: '"previewed"',
  ciphertext: JSON.stringify(ENVELOPE),
  receipt_identifier: '"r"',
  lifespan: '3600',
  created: '1700000000.25',
  passphrase: '"$argon2id$x"',
  share_domain: 'null',
  truncated: 'true',
}

function raw(fields: Fields): RawFields {
  return new Map(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? Buffer.from(value) : value,
    ]),
  )
}

function secret(fields: Fields) {
  return parseSecret('k', raw(fields), { receipt: undefined, expires: EXPIRES })
}

function receipt(fields: Fields, owner?: string) {
  return parseReceipt('r', raw(fields), { owner, expires: EXPIRES })
}

describe('a secret of an old server', () => {
  it('is read from plain values, where the empty text means none', () => {
    expect(secret(PLAIN)).toEqual({
      key: 'k',
      receiptKey: 'r',
      state: 'new',
      ciphertext: { kind: 'cbc', mode: 2, value: Buffer.from([0, 255, 34]) },
      truncated: false,
      created: 1_700_000_000,
      lifespan: 3600,
      expires: EXPIRES,
    })
  })

  it('is read from JSON values, where null means none', () => {
    expect(secret(JSON_FIELDS)).toEqual({
      key: 'k',
      receiptKey: 'r',
      state: 'previewed',
      ciphertext: {
        kind: 'envelope',
        algorithm: 'aes-256-gcm',
        nonce: Buffer.from([0, 1, 2]),
        ciphertext: Buffer.from([3, 4]),
        tag: Buffer.from([5]),
        keyVersion: 'v2',
      },
      passphraseDigest: '$argon2id$x',
      truncated: true,
      created: 1_700_000_000.25,
      lifespan: 3600,
      expires: EXPIRES,
    })
  })

  it('is read from a record that was carried over, with its bytes in a JSON string', () => {
    const value = Buffer.concat([
      Buffer.from('"'),
      Buffer.from([0x80, 0xff, 0xc3]),
      Buffer.from('\\u0001\\n"'),
    ])
    const carried = { ...JSON_FIELDS, ciphertext: 'null', value, value_encryption: '"2"' }
    const { ciphertext } = secret(carried)
    expect(ciphertext).toEqual({
      kind: 'cbc',
      mode: 2,
      value: Buffer.from([0x80, 0xff, 0xc3, 0x01, 0x0a]),
    })
    const inside = { ...JSON_FIELDS, ciphertext: JSON.stringify(JSON.stringify(ENVELOPE)) }
    expect(secret(inside)).toEqual(secret(JSON_FIELDS))
  })

  it('keeps bytes that only look like a JSON string', () => {
    for (const value of ['"', '"""', '"\\u12"', '"\\u0100"']) {
      expect(secret({ ...PLAIN, value }).ciphertext).toMatchObject({ value: Buffer.from(value) })
    }
  })

  it.each([
    ['is a verification mail', { ...PLAIN, verification: 'true' }, 'verification'],
    ['was received', { ...PLAIN, state: 'received' }, 'consumed'],
    ['was revealed', { ...JSON_FIELDS, state: '"revealed"' }, 'consumed'],
    ['was burned', { ...PLAIN, state: 'burned' }, 'consumed'],
    ['has no state', { ...PLAIN, state: '' }, 'unknown state'],
    ['has the state of an object', { ...PLAIN, state: 'constructor' }, 'unknown state'],
    ['has no text', { ...PLAIN, value: '' }, 'no text'],
    ['has no time of creation', { ...PLAIN, created: 'then' }, 'no time of creation'],
    ['is encrypted in another way', { ...PLAIN, value_encryption: '7' }, 'unknown encryption'],
    ['has no way of encryption', { ...PLAIN, value_encryption: '' }, 'unknown encryption'],
    ['has a ciphertext that is no JSON', { ...JSON_FIELDS, ciphertext: '{' }, 'malformed ciphertext'],
    [
      'has a ciphertext without a tag',
      { ...JSON_FIELDS, ciphertext: '{"nonce":""}' },
      'malformed ciphertext',
    ],
    ['has a list as ciphertext', { ...JSON_FIELDS, ciphertext: '[1]' }, 'malformed ciphertext'],
  ])('is not moved when it %s', (_, fields, message) => {
    expect(() => secret(fields)).toThrow(expect.objectContaining({ name: 'UnusableRecord', message }))
  })

  it('counts as encrypted in mode 1 when it names no mode', () => {
    const { value_encryption: _, ...older } = PLAIN
    expect(secret(older).ciphertext).toMatchObject({ kind: 'cbc', mode: 1 })
  })
})

describe('a receipt of an old server', () => {
  const OLD: Fields = {
    state: 'received',
    custid: 'Ana@Example.com',
    secret_key: '',
    created: '1700000000',
    updated: '1700000005',
    received: '1700000005',
    viewed: '1700000003',
    secret_ttl: '60',
    passphrase: '$2a$12$x',
    recipients: 'le***@e***.com',
  }

  it('is read in the words of any version', () => {
    const expected = {
      key: 'r',
      state: 'revealed',
      custid: 'ana@example.com',
      created: 1_700_000_000,
      updated: 1_700_000_005,
      previewed: 1_700_000_003,
      revealed: 1_700_000_005,
      secretTtl: 60,
      hasPassphrase: true,
      recipients: 'le***@e***.com',
      expires: EXPIRES,
    }
    expect(receipt(OLD)).toEqual(expected)
    const { custid: _, passphrase: __, received, viewed, ...same } = OLD
    const renamed = { ...same, state: '"revealed"', revealed: received, previewed: viewed } as Fields
    const later = { ...renamed, owner_id: '"0199-uuid"', has_passphrase: 'true' }
    expect(receipt(later, 'ana@example.com')).toEqual(expected)
    expect(receipt({ ...later, v1_custid: '"ana@example.com"' })).toEqual(expected)
  })

  it('has no owner when the sender was anonymous', () => {
    expect(receipt({ ...OLD, custid: 'anon' })).not.toHaveProperty('custid')
    expect(receipt({ ...OLD, custid: '', owner_id: '"anon"' })).not.toHaveProperty('custid')
  })

  it.each([
    ['state', { ...OLD, state: '{}' }, 'unknown state'],
    ['time of creation', { ...OLD, created: 'NaN' }, 'no time of creation'],
  ])('is damaged without a %s', (_, fields, message) => {
    expect(() => receipt(fields)).toThrow(expect.objectContaining({ reason: 'damaged', message }))
  })
})

describe('an account of an old server', () => {
  it('is named by its email address or a UUID', () => {
    const token = 'b'.repeat(40)
    const old = raw({ custid: 'ana@example.com', apitoken: token })
    expect(parseCustomer('ana@example.com', old, [])).toEqual({
      email: 'ana@example.com',
      token,
      receipts: [],
    })
    const later = raw({
      custid: '"0199-uuid"',
      email: '"Ana@example.com"',
      extid: `"ur${'a'.repeat(24)}"`,
      apitoken: 'null',
    })
    const extid = `ur${'a'.repeat(24)}`
    expect(parseCustomer('0199-uuid', later, [])).toEqual({ email: 'ana@example.com', extid, receipts: [] })
  })

  it('is damaged without an email address', () => {
    expect(() => parseCustomer('0199-uuid', raw({ custid: 'GLOBAL' }), [])).toThrow('no email address')
  })
})
