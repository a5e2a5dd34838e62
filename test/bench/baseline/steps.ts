/** The steps in a store, each with one round trip or one transaction, in which the request is counted too. */
export interface Steps {
  /** @param keepMs How long to keep the secret. */
  create(id: string, sealed: Buffer, keepMs: number): Promise<unknown>
  /** Deletes the secret, and returns it. */
  claim(id: string): Promise<Buffer>
}

/** What a receipt needs at least. */
export const RECEIPT = Buffer.alloc(24, 7)
