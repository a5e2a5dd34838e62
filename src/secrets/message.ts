import { type Binding, open, seal } from '../crypto/envelope.ts'
import type { KeyRing } from '../crypto/keys.ts'
import type { Stretched } from '../crypto/passphrase.ts'

/** What the recipient gets. */
export interface Message {
  readonly value: string
  /** The custom domain of the link, if it has one. */
  readonly shareDomain?: string | undefined
}

/** @returns The message sealed for whoever holds the secret key and, where there is one, the passphrase. */
export function sealMessage(
  ring: KeyRing,
  secretKey: string,
  stretched: Stretched | undefined,
  { value, shareDomain = '' }: Message,
  binding: Binding,
): Buffer {
  const plaintext = Buffer.from(`${shareDomain}\0${value}`)
  return seal(ring, holder(secretKey, stretched), plaintext, binding)
}

/**
 * @returns The message; undefined when the key or the passphrase is another, the record was changed, or its format or
 *   root key is not known.
 */
export function openMessage(
  ring: KeyRing,
  secretKey: string,
  stretched: Stretched | undefined,
  sealed: Buffer,
  binding: Binding,
): Message | undefined {
  const plaintext = open(ring, holder(secretKey, stretched), sealed, binding)
  if (plaintext === undefined) return undefined
  const text = plaintext.toString()
  const end = text.indexOf('\0')
  return { value: text.slice(end + 1), shareDomain: end === 0 ? undefined : text.slice(0, end) }
}

function holder(secretKey: string, stretched: Stretched | undefined) {
  return { label: 'secret', parts: [secretKey], stretched } as const
}
