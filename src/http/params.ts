import { DomainError } from '../errors.ts'
import { malformed } from './malformed-request.ts'

/** One parameter as the client sent it. */
export interface Parameter {
  readonly values: readonly string[]
  readonly kind:
    | 'scalar'
    /** A JSON array of scalars, or a name that ends with `[]`. */
    | 'list'
    /** A JSON object, or an array of other values than scalars. */
    | 'other'
  /** The members of a JSON object. */
  readonly members?: object
}

const MEMBER = /^\[([^\]]*)\](.*)$/s

/** The parameters of a request, whatever their encoding. Source: docs/api/v1.md section 1, docs/api/v2.md section 1. */
export class Params {
  readonly #parameters: ReadonlyMap<string, Parameter>

  /**
   * Wraps decoded parameters.
   *
   * @param parameters By name.
   */
  constructor(parameters: ReadonlyMap<string, Parameter>) {
    this.#parameters = parameters
  }

  /**
   * Wraps the members of a JSON object whose numbers are strings. Booleans become their text; null counts as missing.
   *
   * @throws DomainError `malformed_request` when a name or a value is no text.
   */
  static fromJson(members: object): Params {
    const parameters = new Map<string, Parameter>()
    for (const [rawName, value] of Object.entries(members)) {
      if (value === null) continue
      const { name, kind } = splitName(rawName)
      const parameter = toParameter(value, kind)
      if (name.includes('\0')) throw malformed('a NUL in the name of a parameter')
      if (![name, ...parameter.values].every((text) => text.isWellFormed())) {
        throw malformed('half of a surrogate pair')
      }
      parameters.set(name, parameter)
    }
    return new Params(parameters)
  }

  /** Returns these parameters, completed by those of `defaults` with other names. */
  withDefaults(defaults: Params): Params {
    if (this.#parameters.size === 0) return defaults
    if (defaults.#parameters.size === 0) return this
    return new Params(new Map([...defaults.#parameters, ...this.#parameters]))
  }

  /**
   * Returns the value of a parameter, the last one if it is repeated; undefined if it is missing.
   *
   * @throws DomainError `malformed_parameter` when it is an array or an object.
   */
  text(name: string): string | undefined {
    const parameter = this.#parameters.get(name)
    if (parameter === undefined) return undefined
    if (parameter.kind !== 'scalar') throw new DomainError('malformed_parameter', { subject: name })
    return parameter.values.at(-1)
  }

  /**
   * Returns all values of a parameter, which may be sent once, repeated, as `name[]` or as a JSON array.
   *
   * @throws DomainError `malformed_parameter` for any other form.
   */
  list(name: string): readonly string[] {
    const parameter = this.#parameters.get(name)
    if (parameter?.kind === 'other') throw new DomainError('malformed_parameter', { subject: name })
    return parameter?.values ?? []
  }

  /**
   * Returns the parameters nested under a name: the members of a JSON object, completed by those that were sent as
   * `name[member]`. Undefined if there are none of either.
   *
   * @throws DomainError `malformed_parameter` when the name has a value that is no object.
   */
  object(name: string): Params | undefined {
    const parameter = this.#parameters.get(name)
    if (parameter !== undefined && parameter.members === undefined) {
      throw new DomainError('malformed_parameter', { subject: name })
    }
    const bracketed = new Map<string, Parameter>()
    for (const [fullName, member] of this.#parameters) {
      if (!fullName.startsWith(`${name}[`)) continue
      const [, first, rest] = MEMBER.exec(fullName.slice(name.length)) ?? []
      if (first !== undefined) bracketed.set(`${first}${rest}`, member)
    }
    const nested = parameter?.members && Params.fromJson(parameter.members)
    if (bracketed.size === 0) return nested
    return (nested ?? NO_PARAMS).withDefaults(new Params(bracketed))
  }
}

/** The parameters of a request without any. */
export const NO_PARAMS = new Params(new Map())

/** Strips the `[]` suffix that marks a list. */
export function splitName(rawName: string): { readonly name: string; readonly kind: 'scalar' | 'list' } {
  return rawName.endsWith('[]')
    ? { name: rawName.slice(0, -2), kind: 'list' }
    : { name: rawName, kind: 'scalar' }
}

function toParameter(value: unknown, kind: 'scalar' | 'list'): Parameter {
  if (isScalar(value)) return { values: [String(value)], kind }
  if (!Array.isArray(value)) return { values: [], kind: 'other', members: value as object }
  return value.every(isScalar) ? { values: value.map(String), kind: 'list' } : { values: [], kind: 'other' }
}

function isScalar(value: unknown): value is string | boolean {
  return typeof value === 'string' || typeof value === 'boolean'
}
