import { randomBytes } from 'node:crypto'
import { type BindingId, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/key-ring.ts'
import type { CookieName } from '../http/cookies.ts'
import { after, type Milliseconds, milliseconds, type Seconds, seconds } from '../time.ts'

const SALT_BYTES = 16
const CREATED_BYTES = 6
const TTL_BYTES = 4
const FRONT_BYTES = SALT_BYTES + CREATED_BYTES + TTL_BYTES

/**
 * Seals a cookie's value, so that whoever holds it learns nothing and can change nothing.
 * @param name Which cookie it is for; it does not open as another.
 * @param ttl Seconds that it counts.
 * @returns base64url of salt (16 bytes), created (6, big-endian), ttl (4, big-endian), and the sealed text.
 */
export function sealValue(
  ring: KeyRing,
  name: CookieName,
  text: string,
  created: Milliseconds,
  ttl: Seconds,
): string {
  const front = Buffer.concat([randomBytes(SALT_BYTES), Buffer.alloc(CREATED_BYTES + TTL_BYTES)])
  front.writeUIntBE(created, SALT_BYTES, CREATED_BYTES)
  front.writeUInt32BE(ttl, SALT_BYTES + CREATED_BYTES)
  const sealed = seal(ring, holder(front), Buffer.from(text), { id: bindingId(name), created, ttl })
  return Buffer.concat([front, sealed]).toString('base64url')
}

/**
 * @param now Unix milliseconds.
 * @returns The text; undefined when its time is over, or it was not sealed here for this cookie.
 */
export function openValue(
  ring: KeyRing,
  name: CookieName,
  value: string,
  now: Milliseconds,
): string | undefined {
  const bytes = Buffer.from(value, 'base64url')
  if (bytes.length < FRONT_BYTES) return undefined
  const created = milliseconds(bytes.readUIntBE(SALT_BYTES, CREATED_BYTES))
  const ttl = seconds(bytes.readUInt32BE(SALT_BYTES + CREATED_BYTES))
  if (now >= after(created, ttl)) return undefined
  return open(ring, holder(bytes), bytes.subarray(FRONT_BYTES), {
    id: bindingId(name),
    created,
    ttl,
  })?.toString()
}

// The salt makes the key unique, so that it seals only once.
function holder(front: Buffer) {
  return { label: 'cookie', parts: [front.subarray(0, SALT_BYTES)] } as const
}

function bindingId(name: CookieName): BindingId {
  return name as string as BindingId
}
