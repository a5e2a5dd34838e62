/** A Rust type, as far as the clients use them; an object is a struct. A bool has `#[serde(default)]`. */
type RustType = 'String' | 'Option<String>' | 'Option<u64>' | 'bool = false' | RustStruct
export interface RustStruct {
  readonly [field: string]: RustType
}

/** What a Rust type holds; null for None. */
export type RustValue<Type> = Type extends 'String'
  ? string
  : Type extends 'Option<String>'
    ? string | null
    : Type extends 'Option<u64>'
      ? number | null
      : Type extends 'bool = false'
        ? boolean
        : { readonly [Field in keyof Type]: RustValue<Type[Field]> }

/**
 * Reads JSON as Rust's serde_json fills a struct: unknown fields are ignored, a field that is not optional must be there,
 * and numbers are unsigned. Source: the documentation of serde_json.
 * @throws Error where serde returns one.
 */
export function readSerde<Struct extends RustStruct>(json: string, struct: Struct): RustValue<Struct> {
  return fill(JSON.parse(json), struct, 'the document') as RustValue<Struct>
}

function fill(value: unknown, type: RustType, field: string): unknown {
  if (typeof type === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(value, field)
    const given = value as Record<string, unknown>
    return Object.fromEntries(
      Object.entries(type).map(([name, of]) => [name, fill(given[name], of, name)] as const),
    )
  }
  if (type === 'bool = false' && value === undefined) return false
  if (type.startsWith('Option') && (value === undefined || value === null)) return null
  if (type.includes('String') && typeof value === 'string') return value
  if (type === 'Option<u64>' && Number.isSafeInteger(value) && (value as number) >= 0) return value
  if (type === 'bool = false' && typeof value === 'boolean') return value
  throw invalid(value, field)
}

function invalid(value: unknown, field: string): Error {
  return new Error(`invalid type: ${JSON.stringify(value)} for ${field}`)
}
