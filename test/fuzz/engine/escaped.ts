/**
 * Writes bytes on one line that a reader of a diff understands: visible ASCII as it is, a backslash twice, every other byte as
 * `\xNN`, and more than four equal bytes as `\xNN*N;`.
 */
export function escapeBytes(bytes: Buffer): string {
  let line = ''
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number
    let end = at + 1
    while (end < bytes.length && bytes[end] === byte) end += 1
    const hex = `\\x${byte.toString(16).padStart(2, '0')}`
    const isVisible = byte > 0x20 && byte < 0x7f
    const shown = isVisible ? (byte === 0x5c ? '\\\\' : String.fromCharCode(byte)) : byte === 0x20 ? ' ' : hex
    line += end - at > 4 ? `${hex}*${end - at};` : shown.repeat(end - at)
    at = end
  }
  // An editor may strip the spaces at the end.
  return line.replace(/ $/, '\\x20')
}

const ESCAPE = /\\\\|\\x([0-9a-f]{2})(?:\*(\d+);)?/g

/** Reads a line of `escapeBytes`. */
export function unescapeBytes(line: string): Buffer {
  const text = line.replace(ESCAPE, (_, hex: string | undefined, count = '1') =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)).repeat(Number(count)),
  )
  return Buffer.from(text, 'latin1')
}
