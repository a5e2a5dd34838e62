import type { SecretsContext } from './context.ts'
import { findMetadata, type Metadata } from './metadata.ts'

/**
 * @param metadataKeys Newest first.
 * @returns Their metadata in the same order, without those whose time is over. Counts as no look by the creator.
 * @throws DomainError `store_unavailable`, `unreadable_record`.
 */
export async function listMetadata(
  context: SecretsContext,
  metadataKeys: readonly string[],
): Promise<Metadata[]> {
  const found = await Promise.all(metadataKeys.map((key) => findMetadata(context, key, false)))
  return found.filter((metadata) => metadata !== undefined)
}
