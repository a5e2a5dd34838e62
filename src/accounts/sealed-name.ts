import { randomBytes } from 'node:crypto'
import { open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import { seconds } from '../time.ts'
import type { StoredAccount } from './records.ts'
import { parseUrName, type UrName } from './ur-name.ts'

const SALT_BYTES = 16
const NO_TTL = seconds(0)

/**
 * Seals the name that an imported account had on its old server. Source: src/crypto/SPEC.md section 3.
 *
 * @returns A salt of 16 bytes, then the envelope.
 */
export function sealName(
  ring: KeyRing,
  name: UrName,
  { id, created }: Pick<StoredAccount, 'id' | 'created'>,
): Buffer {
  const salt = randomBytes(SALT_BYTES)
  const sealed = seal(ring, keyInput(salt), Buffer.from(name), { id, created, ttl: NO_TTL })
  return Buffer.concat([salt, sealed])
}

/** Opens the name that an account had on its old server; returns undefined when it has none or it does not open. */
export function openName(
  ring: KeyRing,
  { id, name, created }: Pick<StoredAccount, 'id' | 'name' | 'created'>,
): UrName | undefined {
  if (name === undefined) return undefined
  const [salt, sealed] = [name.subarray(0, SALT_BYTES), name.subarray(SALT_BYTES)]
  const text = open(ring, keyInput(salt), sealed, { id, created, ttl: NO_TTL })
  return text && parseUrName(text.toString())
}

function keyInput(salt: Buffer) {
  return { label: 'account-name', parts: [salt] } as const
}
