import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type BindingId, open, seal } from '../crypto/envelope.ts'
import type { CookieName } from '../http/cookies.ts'
import { after, milliseconds, type Seconds, seconds } from '../time.ts'
import type { WebContext } from './context.ts'

const SALT_BYTES = 16
const CREATED_BYTES = 6
const TTL_BYTES = 4
const HEADER_BYTES = SALT_BYTES + CREATED_BYTES + TTL_BYTES

/** The content of a sealed cookie, and its lifetime. */
interface SealedCookie {
  readonly name: CookieName
  readonly text: string
  readonly ttl: Seconds
}

/**
 * Sets a cookie that the browser can neither read nor change. Its value is base64url of a header (salt, 16 bytes; created,
 * 6, big-endian; ttl, 4, big-endian) and the sealed text, which is bound to the cookie's name.
 */
export function setSealedCookie(
  { secrets: { ring, now }, cookies }: WebContext,
  reply: FastifyReply,
  { name, text, ttl }: SealedCookie,
): void {
  const created = now()
  const header = Buffer.concat([randomBytes(SALT_BYTES), Buffer.alloc(CREATED_BYTES + TTL_BYTES)])
  header.writeUIntBE(created, SALT_BYTES, CREATED_BYTES)
  header.writeUInt32BE(ttl, SALT_BYTES + CREATED_BYTES)
  const sealed = seal(ring, keyInputFor(header), Buffer.from(text), { id: bindingId(name), created, ttl })
  cookies.set(reply, name, Buffer.concat([header, sealed]).toString('base64url'), ttl)
}

/** Returns the text of a sealed cookie; undefined when it is missing, expired, forged, or has another name. */
export function readSealedCookie(
  { secrets: { ring, now }, cookies }: WebContext,
  request: FastifyRequest,
  name: CookieName,
): string | undefined {
  const bytes = Buffer.from(cookies.read(request, name) ?? '', 'base64url')
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

function bindingId(name: CookieName): BindingId {
  return name as string as BindingId
}
