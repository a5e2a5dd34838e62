/** The part of JSON Schema that wire objects use. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly type: string | readonly string[]
}

type Fields = Readonly<Record<string, unknown>>
type Select = (value: unknown) => unknown

/**
 * Compiles the schema of a response to the function that serialises it. What the schema does not name stays on the server.
 * Fastify's own compiler takes any schema, but for ours as long as the rest of the start.
 *
 * @returns The function. It throws TypeError when a required field is missing, or when the schema names no fields of an object.
 */
export function compileSerialiser({ schema }: { readonly schema?: unknown }): (value: unknown) => string {
  const select = selectBy(schema as Schema)
  return (value) => JSON.stringify(select(value))
}

function selectBy({ properties, required = [], items, type }: Schema): Select {
  if (properties !== undefined) return orNull(type, selectFields(properties, new Set(required)))
  if (items === undefined) return single
  const item = selectBy(items)
  return orNull(type, (value) => (value as readonly unknown[]).map(item))
}

// Required fields come first.
function selectFields(properties: Readonly<Record<string, Schema>>, required: ReadonlySet<string>): Select {
  const fields = Object.entries(properties)
    .map(([name, schema]) => ({ name, isRequired: required.has(name), select: selectBy(schema) }))
    .sort((a, b) => Number(b.isRequired) - Number(a.isRequired))
  return (object) => {
    const selected: Record<string, unknown> = {}
    for (const { name, isRequired, select } of fields) {
      const value = (object as Fields)[name]
      if (value !== undefined) selected[name] = select(value)
      else if (isRequired) throw new TypeError(`the response lacks ${name}`)
    }
    return selected
  }
}

function orNull(type: Schema['type'], select: Select): Select {
  return type.includes('null') ? (value) => (value === null ? null : select(value)) : select
}

function single(value: unknown): unknown {
  if (typeof value === 'object' && value !== null)
    throw new TypeError('the response has a field of another type')
  return value
}
