import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** Faults that others shipped, and where it is proven that this server does not have them. */
const FAULTS: Readonly<Record<string, { readonly fault: string; readonly proof: readonly string[] }>> = {
  F1: { fault: 'two readers both get the secret', proof: ['api/v1/at-most-once', 'commands/workers'] },
  F2: { fault: 'a wrong passphrase and a refresh destroy the secret', proof: ['api/v1/at-most-once'] },
  F3: {
    fault: 'a negative, zero or fractional expiry never expires',
    proof: ['api/v1/share', 'sharing/ttl'],
  },
  F4: { fault: 'anonymous callers get past the anonymous ceiling', proof: ['api/v1/share', 'sharing/ttl'] },
  F5: {
    fault: 'a preview, a scanner or a HEAD burns the secret',
    proof: ['api/v1/requests', 'wire/transport'],
  },
  F6: {
    fault: 'a crafted key reads or deletes any key of the store',
    proof: ['api/v1/metadata', 'secrets/keys'],
  },
  F7: { fault: 'a missing owner equals a missing owner', proof: ['api/v1/authentication'] },
  F9: { fault: 'forged forwarding headers escape the limiter', proof: ['http/rate-limits'] },
  F10: { fault: 'any link holder locks the recipient out', proof: ['http/rate-limits'] },
  F11: { fault: 'Argon2 reachable without limit', proof: ['faults/http-flood', 'crypto/passphrase'] },
  F13: { fault: 'a secret that is no text is coerced', proof: ['api/v1/bodies', 'api/v1/share'] },
  F14: {
    fault: 'the ciphertext outlives the reveal',
    proof: ['faults/lmdb', 'faults/redis', 'commands/account'],
  },
  F15: { fault: 'unthrottled creation fills the store', proof: ['http/rate-limits', 'faults/redis'] },
  F16: { fault: 'default secrets', proof: ['commands/serve', 'config/load'] },
  F19: { fault: 'texts cut, broken, or with bytes added', proof: ['api/v1/bodies', 'api/v1/share'] },
  F20: { fault: 'the API answers 200 and the mail never leaves', proof: ['api/v1/recipients', 'mail/smtp'] },
  F21: { fault: 'a boolean that is spelled otherwise fails open', proof: ['commands/serve'] },
  F22: { fault: 'every request scans the whole store', proof: ['faults/http-cost'] },
  F23: { fault: 'a connection per operation, a map that never shrinks', proof: ['faults/http-cost'] },
  F24: {
    fault: 'an unreachable store shows only "could not create"',
    proof: ['commands/serve', 'commands/account'],
  },
  F26: { fault: 'hosting below a path is broken', proof: ['api/v1/requests'] },
}

describe('every fault that others shipped has a test that names it', () => {
  const proofs = Object.entries(FAULTS).flatMap(([name, { fault, proof }]) =>
    proof.map((file) => ({ name, fault, file })),
  )
  it.each(proofs)('$name, $fault: $file', ({ name, file }) => {
    const path = fileURLToPath(new URL(`../${file}.test.ts`, import.meta.url))
    expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`))
  })
})
