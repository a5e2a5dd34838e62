import type { Milliseconds } from '../time.ts'
import type { AliasId } from './alias-ids.ts'

/** The record that leads from a key of another server to the keys that the import gave the secret. */
export interface AliasRecord {
  readonly id: AliasId
  /** The salt and the envelope. Source: src/crypto/SPEC.md section 3. */
  readonly sealed: Buffer
  readonly expires: Milliseconds
}

/**
 * Stores what an import leaves beside secrets and receipts. Every method is one atomic step, also across processes, and throws
 * `store_unavailable` when the store cannot be reached. Only `now` decides whether a record has expired.
 */
export interface ImportStore {
  /** Returns an alias record; undefined when there is none or it has expired. */
  findAlias(id: AliasId, now: Milliseconds): Promise<AliasRecord | undefined>

  /**
   * Stores an alias record, unless there is one with its id that has not expired. Durable when it returns.
   *
   * @returns Whether it was stored.
   */
  addAlias(alias: AliasRecord, now: Milliseconds): Promise<boolean>

  /** Yields every alias record, in no particular order, some possibly twice. For the operator's command line, not for requests. */
  allAliases(): AsyncIterable<AliasRecord>

  /**
   * Keeps in mind that secrets wait for a site secret of another server until `until`, or longer if others do. Durable when it
   * returns.
   */
  awaitSiteSecret(until: Milliseconds, now: Milliseconds): Promise<void>

  /** Returns until when secrets wait for a site secret of another server; undefined when none do. */
  siteSecretAwaited(now: Milliseconds): Promise<Milliseconds | undefined>
}
