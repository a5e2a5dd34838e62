import { DomainError } from '../errors.ts'

const MAX_PARAMETERS = 100

/** One parameter as it came. */
interface Parameter {
  readonly values: readonly string[]
  /** False for a JSON array, a JSON object, or a name that ends with `[]`. */
  readonly scalar: boolean
}

/** The parameters of a request, wherever they stood. Source: v1-api section 1. */
export class Params {
  readonly #parameters: ReadonlyMap<string, Parameter>

  /** @param parameters By name. */
  constructor(parameters: ReadonlyMap<string, Parameter>) {
    this.#parameters = parameters
  }

  /** @returns These parameters under the others: where both have a name, the other's value counts. */
  under(others: Params): Params {
    if (others.#parameters.size === 0) return this
    if (this.#parameters.size === 0) return others
    return new Params(new Map([...this.#parameters, ...others.#parameters]))
  }

  /**
   * @returns The value of a parameter, the last if it was repeated; undefined if it did not come.
   * @throws DomainError `malformed_parameter` when it is an array or an object.
   */
  text(name: string): string | undefined {
    const parameter = this.#parameters.get(name)
    if (parameter === undefined) return undefined
    if (!parameter.scalar) throw new DomainError('malformed_parameter', { subject: name })
    return parameter.values.at(-1)
  }

  /** @returns All values of a parameter that may come once, repeated, as `name[]` or as a JSON array. */
  list(name: string): readonly string[] {
    return this.#parameters.get(name)?.values ?? []
  }
}

/** Gathers parameters in the order in which they come. */
class Gathering {
  readonly #parameters = new Map<string, { values: string[]; scalar: boolean }>()
  #count = 0

  add(rawName: string, value: string): void {
    this.#count += 1
    if (this.#count > MAX_PARAMETERS || rawName.includes('\0')) throw malformed()
    const scalar = !rawName.endsWith('[]')
    const name = scalar ? rawName : rawName.slice(0, -2)
    const known = this.#parameters.get(name)
    if (known === undefined) {
      this.#parameters.set(name, { values: [value], scalar })
    } else {
      known.values.push(value)
      known.scalar &&= scalar
    }
  }

  done(): Params {
    return new Params(this.#parameters)
  }
}

/**
 * Reads `application/x-www-form-urlencoded` (WHATWG URL, section 5.1), but refuses what does not decode, where the
 * standard would put replacement characters into a secret. Characters beyond ASCII may stand unescaped, as one
 * client sends them; an unescaped U+FFFD can't be told from bytes that were not UTF-8, and is refused.
 * @param text A query string or a body, decoded as UTF-8.
 * @throws DomainError `malformed_request`.
 */
export function parseUrlencoded(text: string): Params {
  const gathering = new Gathering()
  if (text.includes('\ufffd')) throw malformed()
  for (const pair of text.split('&', MAX_PARAMETERS * 2)) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    const value = equals === -1 ? '' : pair.slice(equals + 1)
    gathering.add(percentDecode(name), percentDecode(value))
  }
  return gathering.done()
}

/**
 * Reads a flat JSON object. Numbers and booleans are taken as their text, null as absent.
 * @param bytes Of UTF-8.
 * @throws DomainError `malformed_request`.
 */
export function parseJson(bytes: Buffer): Params {
  let body: unknown
  try {
    body = JSON.parse(decodeUtf8(bytes))
  } catch {
    throw malformed()
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed()
  const parameters = new Map<string, Parameter>()
  for (const [name, value] of Object.entries(body)) {
    if (value === null) continue
    const scalar = isScalar(value)
    const items: unknown[] = scalar ? [value] : Array.isArray(value) ? value : []
    if (!items.every(isScalar)) parameters.set(name, { values: [], scalar: false })
    else parameters.set(name, { values: items.map(String), scalar })
  }
  for (const { values } of parameters.values()) {
    if (!values.every((value) => value.isWellFormed())) throw malformed()
  }
  return new Params(parameters)
}

/**
 * @param parts Name and bytes of each part of a `multipart/form-data` body.
 * @throws DomainError `malformed_request` when one is not UTF-8.
 */
export function parseParts(parts: readonly (readonly [string, Buffer])[]): Params {
  const gathering = new Gathering()
  for (const [name, bytes] of parts) gathering.add(name, decodeUtf8(bytes))
  return gathering.done()
}

/** No parameters. */
export const NO_PARAMS = new Params(new Map())

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw malformed()
  }
}

function percentDecode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw malformed()
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function malformed(): DomainError {
  return new DomainError('malformed_request')
}
