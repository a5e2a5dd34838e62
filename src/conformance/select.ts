import type { Check } from './check.ts'

/**
 * Selects the checks that a list names: a version, a version and an area, or one check.
 *
 * @param list Separated by commas; undefined for all.
 * @returns Undefined when an entry names no check.
 */
export function selectChecks(
  checks: readonly Check[],
  list: string | undefined,
): readonly Check[] | undefined {
  if (list === undefined) return checks
  const names = list.split(',').map((name) => name.trim().replace(/\/$/, ''))
  const isNamed = (id: string, name: string) => id === name || id.startsWith(`${name}/`)
  if (!names.every((name) => checks.some(({ id }) => isNamed(id, name)))) return undefined
  return checks.filter(({ id }) => names.some((name) => isNamed(id, name)))
}
