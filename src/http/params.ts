import { DomainError } from '../errors.ts'

/** One parameter as the client sent it. */
export interface Parameter {
  readonly values: readonly string[]
  readonly kind:
    | 'scalar'
    /** A JSON array of scalars, or a name that ends with `[]`. */
    | 'list'
    /** A JSON object, or an array of other values than scalars. */
    | 'other'
}

/** The parameters of a request, whatever their encoding. Source: docs/api/v1.md section 1. */
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
}

/** The parameters of a request without any. */
export const NO_PARAMS = new Params(new Map())
