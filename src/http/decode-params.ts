import { excessiveShape } from './json-shape.ts'
import { malformed } from './malformed-request.ts'
import { Params, splitName } from './params.ts'

/** The maximum number of parameters in a form. */
export const MAX_PARAMETERS = 100

// Matches the JSON tokens that can contain a digit (RFC 8259), in text known to be valid JSON.
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"|-?\d[\d.eE+-]*/g

/** Collects parameters in the order in which they were sent. */
class ParameterCollector {
  readonly #parameters = new Map<string, { values: string[]; kind: 'scalar' | 'list' }>()
  #count = 0

  add(rawName: string, value: string): void {
    this.#count += 1
    if (this.#count > MAX_PARAMETERS) throw malformed(`more than ${MAX_PARAMETERS} parameters`)
    if (rawName.includes('\0')) throw malformed('a NUL in the name of a parameter')
    const { name, kind } = splitName(rawName)
    const known = this.#parameters.get(name)
    if (known === undefined) {
      this.#parameters.set(name, { values: [value], kind })
    } else {
      known.values.push(value)
      if (kind === 'list') known.kind = kind
    }
  }

  finish(): Params {
    return new Params(this.#parameters)
  }
}

/**
 * Decodes `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), but rejects malformed escapes, where the standard
 * would put replacement characters into a secret. Non-ASCII characters may be unescaped, because one client sends them that
 * way. An unescaped U+FFFD is rejected: it may stand for bytes that were not UTF-8.
 *
 * @param text A query string or a body, decoded as UTF-8.
 * @throws DomainError `malformed_request`.
 */
export function parseUrlencoded(text: string): Params {
  const collector = new ParameterCollector()
  if (text.includes('\ufffd')) throw malformed('bytes that are not UTF-8')
  // Not `split('&')`, which takes V8 several times as long.
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    end = text.indexOf('&', start)
    if (end === -1) end = text.length
    if (start === end) continue
    const pair = text.slice(start, end)
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    const value = equals === -1 ? '' : pair.slice(equals + 1)
    collector.add(percentDecode(name), percentDecode(value))
  }
  return collector.finish()
}

/**
 * Decodes a JSON object. Numbers and booleans become their text; null counts as missing.
 *
 * @param bytes JSON in UTF-8.
 * @throws DomainError `malformed_request`.
 */
export function parseJson(bytes: Buffer): Params {
  const excess = excessiveShape(bytes)
  if (excess !== undefined) throw malformed(excess)
  const body = parseLiterally(decodeUtf8(bytes))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed('no JSON object')
  return Params.fromJson(body)
}

// A secret may be a long number, which JavaScript would round. So numbers are turned into strings first.
function parseLiterally(json: string): unknown {
  try {
    JSON.parse(json)
    return JSON.parse(json.replaceAll(STRING_OR_NUMBER, (token) => (token[0] === '"' ? token : `"${token}"`)))
  } catch {
    throw malformed('invalid JSON')
  }
}

/**
 * Decodes the parts of a `multipart/form-data` body.
 *
 * @param parts The name and bytes of each part.
 * @throws DomainError `malformed_request` when one is not UTF-8.
 */
export function parseParts(parts: readonly (readonly [string, Buffer])[]): Params {
  const collector = new ParameterCollector()
  for (const [name, bytes] of parts) collector.add(name, decodeUtf8(bytes))
  return collector.finish()
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw malformed('bytes that are not UTF-8')
  }
}

function percentDecode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw malformed('invalid percent-encoding')
  }
}
