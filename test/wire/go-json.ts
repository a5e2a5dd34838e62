/** A Go type, as far as the clients use them; an object is a struct by its fields' JSON names. */
type GoType = 'string' | 'int' | 'float64' | 'bool' | '[]string' | GoStruct
export interface GoStruct {
  readonly [field: string]: GoType
}

/** What a Go type holds. */
export type GoValue<Type> = Type extends 'string'
  ? string
  : Type extends 'int' | 'float64'
    ? number
    : Type extends 'bool'
      ? boolean
      : Type extends '[]string'
        ? readonly string[]
        : { readonly [Field in keyof Type]: GoValue<Type[Field]> }

/**
 * Reads JSON as Go's `json.Unmarshal` fills a struct: unknown fields are ignored, absent ones and null leave the zero
 * value, and a value of another type is an error. Source: the documentation of Go's encoding/json.
 * @throws Error in the words of Go.
 */
export function unmarshal<Struct extends GoStruct>(json: string, struct: Struct): GoValue<Struct> {
  return fill(JSON.parse(json), struct, '') as GoValue<Struct>
}

/** Reads a JSON array into a slice of structs. */
export function unmarshalSlice<Struct extends GoStruct>(json: string, struct: Struct): GoValue<Struct>[] {
  const value: unknown = JSON.parse(json)
  if (!Array.isArray(value))
    throw new Error(`json: cannot unmarshal ${kindOf(value)} into Go value of type []struct`)
  return value.map((element) => fill(element, struct, '') as GoValue<Struct>)
}

function fill(value: unknown, type: GoType, field: string): unknown {
  if (typeof type === 'object') return fillStruct(value, type, field)
  if (value === undefined || value === null) return zeroOf(type)
  if (type === '[]string' && Array.isArray(value))
    return value.map((element) => fill(element, 'string', field))
  if (type === 'string' && typeof value === 'string') return value
  if (type === 'bool' && typeof value === 'boolean') return value
  if (type === 'int' && Number.isSafeInteger(value)) return value
  if (type === 'float64' && typeof value === 'number') return value
  throw new Error(`json: cannot unmarshal ${kindOf(value)} into Go struct field ${field} of type ${type}`)
}

function fillStruct(value: unknown, struct: GoStruct, path: string): unknown {
  const given = value ?? {}
  if (typeof given !== 'object' || Array.isArray(given)) {
    throw new Error(`json: cannot unmarshal ${kindOf(given)} into Go value of type struct`)
  }
  const fields = Object.entries(struct).map(([name, type]) => {
    const from = (given as Record<string, unknown>)[name]
    return [name, fill(from, type, `${path}.${name}`)] as const
  })
  return Object.fromEntries(fields)
}

function zeroOf(type: Exclude<GoType, GoStruct>): unknown {
  return { string: '', int: 0, float64: 0, bool: false, '[]string': [] }[type]
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value
}
