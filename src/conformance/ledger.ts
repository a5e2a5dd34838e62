import { fieldOf } from './json.ts'
import type { Redactor } from './redactor.ts'
import type { Request, Response } from './transport.ts'

const CREATES = /^\/+api\/(v[123])\/+(share|create|generate|(guest\/)?secret\/(conceal|generate))\/?(\?|$)/

/** A secret that this run created. */
export interface Created {
  readonly version: string
  readonly receiptKey: string
  readonly secretKey: string
  readonly passphrase: string
}

/** The secrets that a run has created, by what the server said, so that none is left behind. */
export class Ledger {
  readonly #redactor: Redactor
  readonly #open = new Set<Created>()
  #count = 0

  /** Starts an empty one. @param redactor Learns every key and value. */
  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  /** How many secrets were created. */
  get count(): number {
    return this.#count
  }

  /** The secrets that were neither revealed nor burned. */
  get open(): readonly Created[] {
    return [...this.#open]
  }

  /**
   * Records what a response says.
   *
   * @param body Parsed; undefined if it was no JSON.
   * @param passphrase That of a secret which this request creates.
   */
  observe({ path }: Request, { status }: Response, body: unknown, passphrase: string): void {
    const version = CREATES.exec(path)?.[1]
    if (status >= 300) return
    if (version !== undefined) this.#add(version, body, passphrase)
    for (const secret of this.#open) if (ends(secret, path, body)) this.#open.delete(secret)
  }

  /** Forgets a secret that cannot be removed, or that is gone. */
  forget(secret: Created): void {
    this.#open.delete(secret)
  }

  #add(version: string, body: unknown, passphrase: string): void {
    const names = version === 'v1' ? V1_NAMES : V2_NAMES
    const [receiptKey, secretKey, value] = names.map((path) => fieldOf(body, ...path))
    if (typeof receiptKey !== 'string' || typeof secretKey !== 'string') return
    this.#open.add({ version, receiptKey, secretKey, passphrase })
    this.#count += 1
    for (const key of [receiptKey, secretKey, value]) {
      if (typeof key === 'string') this.#redactor.hide(key)
    }
  }
}

const V1_NAMES = [['metadata_key'], ['secret_key'], ['value']] as const
const V2_NAMES = [
  ['record', 'receipt', 'identifier'],
  ['record', 'secret', 'identifier'],
  ['record', 'secret', 'secret_value'],
] as const

function ends({ secretKey, receiptKey }: Created, path: string, body: unknown): boolean {
  if (path.includes(secretKey)) {
    return fieldOf(body, 'value') !== undefined || fieldOf(body, 'record', 'secret_value') !== undefined
  }
  if (!path.includes(receiptKey) || !path.includes('/burn')) return false
  return fieldOf(body, 'state', 'state') === 'burned' || fieldOf(body, 'success') === true
}
