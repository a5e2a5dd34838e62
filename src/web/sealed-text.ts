import { randomBytes } from 'node:crypto'
import { type BindingId, open, seal } from '../crypto/envelope.ts'
import type { CookieName } from '../http/cookies.ts'
import { after, milliseconds, type Seconds, seconds } from '../time.ts'
import type { WebContext } from './context.ts'

const SALT_BYTES = 16
const CREATED_BYTES = 6
const TTL_BYTES = 4
const HEADER_BYTES = SALT_BYTES + CREATED_BYTES + TTL_BYTES

/** The name of a text that is sealed for the browser: of its cookie or its form field. */
type SealedName = CookieName | 'drawn_token'

/** A text to seal, and its lifetime. */
export interface SealedText {
  readonly name: SealedName
  readonly text: string
  readonly ttl: Seconds
}

/**
 * Seals a text that the browser keeps, and can neither read nor change. The result is base64url of a header (salt, 16 bytes;
 * created, 6, big-endian; ttl, 4, big-endian) and the sealed text, which is bound to its name.
 */
export function sealText({ secrets: { ring, now } }: WebContext, { name, text, ttl }: SealedText): string {
  const created = now()
  const header = Buffer.concat([randomBytes(SALT_BYTES), Buffer.alloc(CREATED_BYTES + TTL_BYTES)])
  header.writeUIntBE(created, SALT_BYTES, CREATED_BYTES)
  header.writeUInt32BE(ttl, SALT_BYTES + CREATED_BYTES)
  const sealed = seal(ring, keyInputFor(header), Buffer.from(text), { id: bindingId(name), created, ttl })
  return Buffer.concat([header, sealed]).toString('base64url')
}

/** Opens a sealed text; returns undefined when it is missing, expired, forged, or has another name. */
export function openText(
  { secrets: { ring, now } }: WebContext,
  name: SealedName,
  value: string | undefined,
): string | undefined {
  const bytes = Buffer.from(value ?? '', 'base64url')
  if (bytes.length < HEADER_BYTES) return undefined
  const created = milliseconds(bytes.readUIntBE(SALT_BYTES, CREATED_BYTES))
  const ttl = seconds(bytes.readUInt32BE(SALT_BYTES + CREATED_BYTES))
  if (now() >= after(created, ttl)) return undefined
  const binding = { id: bindingId(name), created, ttl }
  return open(ring, keyInputFor(bytes), bytes.subarray(HEADER_BYTES), binding)?.toString()
}

// The salt makes each derived key unique, because a key must not seal twice.
function keyInputFor(header: Buffer) {
  return { label: 'cookie', parts: [header.subarray(0, SALT_BYTES)] } as const
}

function bindingId(name: SealedName): BindingId {
  return name as string as BindingId
}
