import type { ImportContext } from '../../../src/importer/onetime-secret/context.ts'

/** Returns a context whose stores fail from a write on, as if the process were killed before it. */
export function interruptedBefore(context: ImportContext, count: number): ImportContext {
  let left = count
  const guard = <Part extends object>(part: Part, writes: readonly string[]): Part =>
    new Proxy(part, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name)
        if (typeof member !== 'function' || !writes.includes(String(name))) return member
        return async (...args: unknown[]) => {
          left -= 1
          if (left <= 0) throw new Error('killed')
          return member.apply(target, args)
        }
      },
    })
  const { secrets } = context
  const store = guard(secrets.store, ['create', 'withdraw'])
  return { ...context, secrets: { ...secrets, store, imports: guard(secrets.imports, ['addAlias']) } }
}
