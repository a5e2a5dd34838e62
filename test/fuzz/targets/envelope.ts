import { strict as assert } from 'node:assert'
import { open } from '../../../src/crypto/envelope.ts'
import { decodeHeader, encodeHeader, TAG_BYTES } from '../../../src/crypto/header.ts'
import { isAllowedCost } from '../../../src/crypto/passphrase.ts'
import { bad, bytes, good, ringOf } from '../../vectors/vectors.ts'
import type { Target } from '../target.ts'

const [vector] = good.messages
assert.ok(vector)
const { id, created, ttl, secretKey, sealed } = vector
const ring = ringOf(vector.rootKey)

/** The header of an envelope, and whether an envelope opens that nobody has sealed. */
export const target: Target = {
  name: 'envelope',
  input: 'an envelope',
  seeds: () =>
    [...good.messages, ...good.details, ...good.imported, ...bad.messages].map((each) => bytes(each.sealed)),
  run(input) {
    const header = decodeHeader(input)
    if (header !== undefined) {
      assert.deepEqual(encodeHeader(header), input.subarray(0, header.bytes))
      assert.ok(input.length >= header.bytes + TAG_BYTES)
      assert.ok(header.argon2 === undefined || isAllowedCost(header.argon2))
    }
    const opened = open(ring, { label: 'secret', parts: [secretKey] }, input, { id, created, ttl })
    assert.equal(opened !== undefined, input.toString('hex') === sealed)
  },
}
