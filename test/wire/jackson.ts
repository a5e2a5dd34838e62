/** A field of a Java bean. */
export type BeanField = 'String' | 'String[]' | 'boolean'

/** What a Java field holds; null where the JSON says nothing. */
export type BeanValue<Field> = Field extends 'boolean'
  ? boolean
  : Field extends 'String'
    ? string | null
    : string[] | null

/**
 * Reads JSON as Jackson 1 fills a bean when nothing is configured: a field that the bean does not name is an error,
 * numbers become text, arrays must be arrays. Source: Jackson 1.9, FAIL_ON_UNKNOWN_PROPERTIES and its deserializers.
 * @param options.ignoreUnknown The bean's `@JsonIgnoreProperties(ignoreUnknown = true)`.
 * @throws Error for what Jackson rejects.
 */
export function readBean<Bean extends Record<string, BeanField>>(
  json: string,
  bean: Bean,
  { ignoreUnknown = false } = {},
): { readonly [Name in keyof Bean]: BeanValue<Bean[Name]> } {
  const given = JSON.parse(json) as Record<string, unknown>
  const unknown = Object.keys(given).find((name) => !(name in bean))
  if (unknown !== undefined && !ignoreUnknown) throw new Error(`Unrecognized field "${unknown}"`)
  const fields = Object.entries(bean).map(([name, type]) => [name, deserialize(given[name], type)] as const)
  return Object.fromEntries(fields) as { [Name in keyof Bean]: BeanValue<Bean[Name]> }
}

function deserialize(value: unknown, type: BeanField): unknown {
  if (value === undefined || value === null) return type === 'boolean' ? false : null
  if (type === 'String' && typeof value !== 'object') return String(value)
  if (type === 'String[]' && Array.isArray(value))
    return value.map((element) => deserialize(element, 'String'))
  if (type === 'boolean' && typeof value === 'boolean') return value
  throw new Error(`Can not deserialize instance of ${type} out of ${JSON.stringify(value)}`)
}
