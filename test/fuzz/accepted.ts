/**
 * Returns what a parser makes of an input; undefined when it rejects it as it is documented to.
 *
 * @throws Error whatever else the parser throws.
 */
export function accepted<T>(parse: () => T, isDocumented: (error: unknown) => boolean): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (isDocumented(error)) return undefined
    throw error
  }
}
