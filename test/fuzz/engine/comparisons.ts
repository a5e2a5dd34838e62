/** What the code compared with something else, as far as it could be a part of the input. */
export type Compared = string | number | Uint8Array

/** Two values that the code compared and found different. */
export type Difference = readonly [Compared, Compared]

const MAX_DIFFERENCES = 500
const MAX_LENGTH = 64
/** With how many elements of a list an argument is noted as compared. */
const MAX_ELEMENTS = 20

/** The comparisons of instrumented code: each does what its operator does. */
export interface Operators {
  readonly eq: (left: unknown, right: unknown) => boolean
  readonly ne: (left: unknown, right: unknown) => boolean
  readonly looseEq: (left: unknown, right: unknown) => boolean
  readonly looseNe: (left: unknown, right: unknown) => boolean
  readonly lt: (left: never, right: never) => boolean
  readonly gt: (left: never, right: never) => boolean
  readonly le: (left: never, right: never) => boolean
  readonly ge: (left: never, right: never) => boolean
}

/**
 * Notes what the code compares while it is told to, so that an input can be given what the code looks for: the bytes of a
 * magic number, the name of a field.
 */
export class Comparisons {
  #noted: Difference[] | undefined

  /** What instrumented code calls. */
  readonly operators: Operators = {
    eq: (left, right) => left === right || this.#differ(left, right),
    ne: (left, right) => left !== right && !this.#differ(left, right),
    // biome-ignore lint/suspicious/noDoubleEquals: the operator of the code
    looseEq: (left, right) => left == right || this.#differ(left, right),
    // biome-ignore lint/suspicious/noDoubleEquals: the operator of the code
    looseNe: (left, right) => left != right && !this.#differ(left, right),
    lt: (left, right) => this.#ordered(left, right) && left < right,
    gt: (left, right) => this.#ordered(left, right) && left > right,
    le: (left, right) => this.#ordered(left, right) && left <= right,
    ge: (left, right) => this.#ordered(left, right) && left >= right,
  }

  /** Runs the code once, and returns what it compared. */
  async note(run: () => void | Promise<void>): Promise<readonly Difference[]> {
    const noted: Difference[] = []
    this.#noted = noted
    const restore = noteMethods((left, right) => void this.#differ(left, right))
    try {
      await run()
    } catch {
      // A finding has been reported already.
    } finally {
      this.#noted = undefined
      restore()
    }
    return noted
  }

  #differ(left: unknown, right: unknown): false {
    const noted = this.#noted
    if (noted === undefined || noted.length >= MAX_DIFFERENCES) return false
    if (isCompared(left) && isCompared(right)) noted.push([left, right])
    return false
  }

  #ordered(left: unknown, right: unknown): true {
    if (this.#noted !== undefined && typeof left === 'number') this.#differ(left, right)
    return true
  }
}

function isCompared(value: unknown): value is Compared {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  const isText = typeof value === 'string' || value instanceof Uint8Array
  return isText && value.length > 0 && value.length <= MAX_LENGTH
}

// Methods of the language that compare, with what they are called on.
type Method = (this: unknown, ...given: unknown[]) => unknown
const METHODS: readonly (readonly [object, string, elements: (self: never) => Iterable<unknown>])[] = [
  [String.prototype, 'startsWith', (self: string) => [self]],
  [String.prototype, 'endsWith', (self: string) => [self]],
  [String.prototype, 'includes', (self: string) => [self]],
  [String.prototype, 'indexOf', (self: string) => [self]],
  [Array.prototype, 'includes', (self: readonly unknown[]) => self],
  [Array.prototype, 'indexOf', (self: readonly unknown[]) => self],
  [Set.prototype, 'has', (self: ReadonlySet<unknown>) => self],
  [Map.prototype, 'has', (self: ReadonlyMap<unknown, unknown>) => self.keys()],
  [Map.prototype, 'get', (self: ReadonlyMap<unknown, unknown>) => self.keys()],
]

function noteMethods(differ: (left: unknown, right: unknown) => void): () => void {
  const originals = METHODS.map(([prototype, name, elements]) => {
    const original = (prototype as Record<string, Method>)[name] as Method
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: never, ...given: unknown[]) {
        let left = MAX_ELEMENTS
        for (const element of elements(this)) {
          differ(given[0], element)
          left -= 1
          if (left === 0) break
        }
        return original.apply(this, given)
      },
    })
    return () =>
      Object.defineProperty(prototype, name, { configurable: true, writable: true, value: original })
  })
  return () => {
    for (const restore of originals) restore()
  }
}
