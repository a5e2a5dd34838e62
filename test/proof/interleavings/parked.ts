import type { Store } from '../../../src/store/store.ts'
import type { Milliseconds } from '../../../src/time.ts'

/** One call of a method of the store, or of the hasher. */
export interface StepCall {
  /** `secrets.claim`, for instance. */
  readonly name: string
  readonly args: readonly unknown[]
}

/** A step that waits to be picked. */
export interface ParkedStep extends StepCall {
  /** When it began, which is the time that it carries. */
  readonly at: Milliseconds
  /** Does it. */
  execute(): unknown
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** Takes a step to the scheduler. Resolves when it was picked and answered. */
export type Park = <Answer>(
  name: string,
  args: readonly unknown[],
  work: () => Answer | Promise<Answer>,
) => Promise<Answer>

/** The steps that touch nothing shared: nothing writes an alias here, and a hash is the client's own. */
const LOCAL = new Set(['hash', 'imports.findAlias'])

/** The steps that change nothing, so that a lost request and a lost answer are the same. */
const READING = new Set([...LOCAL, 'secrets.peek', 'secrets.countAttempts'])

/** Creates what parks the steps of one client, of which at most one is under way. */
export function createPark(now: () => Milliseconds, onParked: (step: ParkedStep) => void): Park {
  return (name, args, execute) =>
    new Promise((resolve, reject) => {
      onParked({ name, args, at: now(), execute, resolve: resolve as ParkedStep['resolve'], reject })
    })
}

/** Returns the store with each method that a use case calls parked. */
export function parkedStore(
  store: Store,
  park: Park,
): Pick<Store, 'secrets' | 'imports' | 'accounts' | 'rates'> {
  return {
    secrets: parkedPart('secrets', store.secrets, park),
    imports: parkedPart('imports', store.imports, park),
    accounts: parkedPart('accounts', store.accounts, park),
    rates: parkedPart('rates', store.rates, park),
  }
}

/** Tells whether no other client can notice when a step is done. */
export function isLocal({ name }: StepCall): boolean {
  return LOCAL.has(name)
}

/** Tells whether a step changes nothing. */
export function isReading({ name }: StepCall): boolean {
  return READING.has(name)
}

function parkedPart<Part extends object>(part: string, methods: Part, park: Park): Part {
  return new Proxy(methods, {
    get(target, method) {
      const work = Reflect.get(target, method) as (...args: unknown[]) => unknown
      return (...args: unknown[]) => park(`${part}.${String(method)}`, args, () => work(...args))
    },
  })
}
