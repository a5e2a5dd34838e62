import { bytesOf, numberOf, type RawFields } from './fields.ts'
import type { OldCiphertext } from './old-records.ts'
import { UnusableRecord } from './unusable.ts'

const MODES: readonly unknown[] = [0, 1, 2]

/**
 * Parses the text of a secret: `ciphertext` from 0.24 on, `value` before and in records that were carried over.
 *
 * @throws UnusableRecord when there is none, or it is malformed.
 */
export function parseCiphertext(fields: RawFields): OldCiphertext {
  // Not as a field of text: its value is a JSON object.
  const sealed = fields.get('ciphertext')?.toString() ?? ''
  if (sealed !== '' && sealed !== 'null') return parseEnvelope(sealed)
  const value = bytesOf(fields, 'value')
  if (value === undefined) throw new UnusableRecord('damaged', 'no text')
  // Before there was a choice, it was 1.
  const mode = fields.has('value_encryption') ? numberOf(fields, 'value_encryption') : 1
  if (!MODES.includes(mode)) throw new UnusableRecord('damaged', 'unknown encryption')
  return { kind: 'cbc', mode: mode as 0 | 1 | 2, value }
}

function parseEnvelope(json: string): OldCiphertext {
  const parts = parseObject(json)
  const text = (name: string): string => {
    const value = parts[name]
    if (typeof value !== 'string') throw new UnusableRecord('damaged', 'malformed ciphertext')
    return value
  }
  return {
    kind: 'envelope',
    algorithm: text('algorithm'),
    nonce: Buffer.from(text('nonce'), 'base64'),
    ciphertext: Buffer.from(text('ciphertext'), 'base64'),
    tag: Buffer.from(text('auth_tag'), 'base64'),
    keyVersion: text('key_version'),
  }
}

/** Parses a JSON object, which may be the text of a JSON string itself. */
function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json)
    const object: unknown = typeof value === 'string' ? JSON.parse(value) : value
    if (typeof object === 'object' && object !== null) return object as Record<string, unknown>
  } catch {
    // As malformed as any other value.
  }
  throw new UnusableRecord('damaged', 'malformed ciphertext')
}
