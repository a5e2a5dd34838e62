import { strict as assert } from 'node:assert'
import { isAllowedCost } from '../../../src/crypto/passphrase.ts'
import { isReadableDigest } from '../../../src/crypto/passphrase-digest.ts'
import { openCbc } from '../../../src/importer/onetime-secret/cbc.ts'
import { openEnvelope } from '../../../src/importer/onetime-secret/envelope.ts'
import type { OldSecret } from '../../../src/importer/onetime-secret/old-records.ts'
import { parseCiphertext } from '../../../src/importer/onetime-secret/parse-ciphertext.ts'
import { readText } from '../../../src/importer/onetime-secret/read-text.ts'
import { UnusableRecord } from '../../../src/importer/onetime-secret/unusable.ts'
import { accepted } from '../accepted.ts'
import type { Target } from '../target.ts'

const KEY = { key: 'abc123', siteSecret: 'a site secret' }
const isUnusable = (error: unknown) => error instanceof UnusableRecord

/** Texts as an old server encrypted them, and its digests of passphrases. */
export const target: Target = {
  name: 'old-ciphertexts',
  input: 'a ciphertext: JSON, or after a digit for its mode the bytes of a CBC text; or a digest',
  seeds: () => [
    `{"algorithm":"xchacha20poly1305","nonce":"${'A'.repeat(32)}","ciphertext":"AAAA","auth_tag":"${'A'.repeat(22)}==","key_version":"v1"}`,
    `"{\\"algorithm\\":\\"aes-256-gcm\\",\\"nonce\\":\\"${'A'.repeat(16)}\\",\\"ciphertext\\":\\"\\",\\"auth_tag\\":\\"AA==\\",\\"key_version\\":\\"v1\\"}"`,
    '0the cake is in the oven',
    `2${'x'.repeat(16)}`,
    '"\\u00ff"',
    `$2a$12$${'a'.repeat(53)}`,
    '$argon2id$v=19$m=65536,t=2,p=1$YWJjZGVmZ2hpamts$YWJjZGVmZ2hpamts',
  ],
  async run(input) {
    const digest = input.toString('latin1')
    const [, memory, time] = /m=(\d+),t=(\d+)/.exec(digest) ?? []
    if (isReadableDigest(digest) && memory !== undefined) {
      assert.ok(isAllowedCost({ memory: Number(memory), time: Number(time) }))
    }
    const sealed = accepted(() => parseCiphertext(new Map([['ciphertext', input]])), isUnusable)
    if (sealed?.kind === 'envelope') {
      assert.equal(openEnvelope(sealed, KEY), undefined)
      const old = { ...KEY, ciphertext: sealed, passphraseDigest: sealed.keyVersion } as unknown as OldSecret
      assert.equal((await readText(old, [KEY.siteSecret])).kind, 'damaged')
    }
    const [mode, value] = [input.subarray(0, 1), input.subarray(1)]
    const fields = new Map([
      ['value_encryption', mode],
      ['value', value],
    ])
    const cbc = accepted(() => parseCiphertext(fields), isUnusable)
    // All but mode 0 take 6,144 rounds of MD5.
    if (cbc?.kind !== 'cbc' || (cbc.mode !== 0 && value.length > 32)) return
    const text = openCbc(cbc, KEY)
    assert.ok(text === undefined || text.isWellFormed())
  },
}
