/** A member of a C# data contract. */
export type Member = 'string' | 'int' | 'bool'

/** What a C# member holds. */
export type MemberValue<Type> = Type extends 'int' ? number : Type extends 'bool' ? boolean : string | null

const INT32_MAX = 2 ** 31 - 1

/**
 * Reads JSON as .NET's DataContractJsonSerializer fills a class: unknown members are ignored, absent ones keep their
 * default, an `int` must be a JSON integer of 32 bits and never null. Source: .NET, DataContractJsonSerializer.
 * @throws Error where .NET throws a SerializationException.
 */
export function readContract<Contract extends Record<string, Member>>(
  json: string,
  contract: Contract,
): { readonly [Name in keyof Contract]: MemberValue<Contract[Name]> } {
  const given = JSON.parse(json) as Record<string, unknown>
  const members = Object.entries(contract).map(
    ([name, type]) => [name, read(given[name], type, name)] as const,
  )
  return Object.fromEntries(members) as { [Name in keyof Contract]: MemberValue<Contract[Name]> }
}

function read(value: unknown, type: Member, name: string): unknown {
  if (value === undefined) return { string: null, int: 0, bool: false }[type]
  if (type === 'string' && (value === null || typeof value === 'string')) return value
  if (type === 'bool' && typeof value === 'boolean') return value
  if (type === 'int' && Number.isInteger(value) && Math.abs(value as number) <= INT32_MAX) return value
  throw new Error(`The value ${JSON.stringify(value)} of ${name} cannot be parsed as the type ${type}`)
}
