/**
 * Follows names into parsed JSON, as the dynamic languages of clients do: Ruby's `dig`, jq, `?.`.
 * @returns Undefined where there is no such name.
 */
export function dig(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    json,
  )
}
