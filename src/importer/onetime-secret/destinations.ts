import type { ImportContext } from './context.ts'
import { importCustomer } from './import-customer.ts'
import { importReceipt } from './import-receipt.ts'
import { importSecret } from './import-secret.ts'
import type { Destination } from './move-all.ts'
import type { OldCustomer } from './old-records.ts'
import { readText } from './read-text.ts'

/**
 * Creates the destination that keeps everything in a store.
 *
 * @param isDefined Whether the settings define an account with another API token, which wins over the store.
 */
export function createImport(
  context: ImportContext,
  isDefined: (customer: OldCustomer) => boolean,
): Destination {
  return {
    secret: (old) => importSecret(context, old),
    receipt: (old) => importReceipt(context, old),
    customer: async (old) => (isDefined(old) ? { kind: 'other_token' } : importCustomer(context, old)),
  }
}

/** Creates the destination of a dry run, which opens what an import would open, and keeps nothing. */
export function createDryRun(
  siteSecrets: readonly string[],
  isDefined: (customer: OldCustomer) => boolean,
): Destination {
  return {
    async secret(old) {
      const text = await readText(old, siteSecrets)
      return text.kind === 'damaged' ? text : { kind: 'moved' }
    },
    receipt: async () => ({ kind: 'moved' }),
    async customer(old) {
      if (old.token === undefined) return { kind: 'without_token' }
      return { kind: isDefined(old) ? 'other_token' : 'moved' }
    },
  }
}
