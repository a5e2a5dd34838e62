const NULL = Buffer.from('null')
const QUOTE = 0x22

/** The form of the key in a link, whose length differs from version to version. */
export const OLD_KEY = /^[0-9a-z]{1,62}$/

/** The values of a hash in the old Redis, by field. */
export type RawFields = ReadonlyMap<string, Buffer>

/**
 * Returns a text field. From 0.24 on, values are JSON; before, they are plain, and the empty text means none. Records that were
 * carried over mix both.
 *
 * @returns Undefined when there is none.
 */
export function textOf(fields: RawFields, name: string): string | undefined {
  const raw = fields.get(name)?.toString() ?? ''
  const text = raw.startsWith('"') ? (parseText(raw) ?? raw) : raw
  return text === '' || raw === 'null' ? undefined : text
}

/** Returns a field that holds a number of zero or more; undefined when it holds none. */
export function numberOf(fields: RawFields, name: string): number | undefined {
  const text = textOf(fields, name)?.trim() ?? ''
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** Tells whether a field says yes, as any version writes it. */
export function isSet(fields: RawFields, name: string): boolean {
  return ['true', '1'].includes(textOf(fields, name) ?? '')
}

/** Returns a field that holds the key of a link; undefined when it holds none. */
export function keyOf(fields: RawFields, name: string): string | undefined {
  const text = textOf(fields, name) ?? ''
  return OLD_KEY.test(text) ? text : undefined
}

/** Returns a field of bytes, which carried-over records keep as the text of a JSON string; undefined when it is empty. */
export function bytesOf(fields: RawFields, name: string): Buffer | undefined {
  const raw = fields.get(name)
  if (raw === undefined || raw.length === 0 || raw.equals(NULL)) return undefined
  if (raw[0] !== QUOTE || raw.at(-1) !== QUOTE) return raw
  // One character for each byte, so that bytes that are no UTF-8 survive.
  const text = parseText(raw.toString('latin1'))
  return text === undefined || /[^\0-\xff]/.test(text) ? raw : Buffer.from(text, 'latin1')
}

function parseText(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
