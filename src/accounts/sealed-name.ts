import type { KeyRing } from '../crypto/key-ring.ts'
import { openSalted, sealSalted } from '../crypto/salted-envelope.ts'
import { seconds } from '../time.ts'
import type { StoredAccount } from './records.ts'
import { parseUrName, type UrName } from './ur-name.ts'

const KEY_INPUT = { label: 'account-name', parts: [] } as const
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
  return sealSalted(ring, KEY_INPUT, Buffer.from(name), { id, created, ttl: NO_TTL })
}

/** Opens the name that an account had on its old server; returns undefined when it has none or it does not open. */
export function openName(
  ring: KeyRing,
  { id, name, created }: Pick<StoredAccount, 'id' | 'name' | 'created'>,
): UrName | undefined {
  if (name === undefined) return undefined
  const text = openSalted(ring, KEY_INPUT, name, { id, created, ttl: NO_TTL })
  return text && parseUrName(text.toString())
}
