import type { Metadata } from '../../secrets/metadata.ts'

const SHORT_KEY_LENGTH = 6

/** @returns The Metadata object of an answer that creates: it names the share domain also when there is none. */
export function presentCreated(metadata: Metadata) {
  return { ...presentMetadata(metadata), share_domain: metadata.shareDomain ?? '' }
}

/** @returns The Metadata object. Source: v1-api section 4. */
export function presentMetadata(metadata: Metadata) {
  const { state, created, updated, ttl, secretKey, secretTtl, shareDomain } = metadata
  return {
    custid: metadata.custid ?? 'anon',
    metadata_key: metadata.metadataKey,
    secret_key: secretKey,
    ttl,
    metadata_ttl: metadata.metadataTtl,
    secret_ttl: secretTtl,
    state,
    updated: unixSeconds(updated),
    created: unixSeconds(created),
    received: state === 'received' ? unixSeconds(updated) : undefined,
    recipient: metadata.recipients,
    share_domain: shareDomain,
    passphrase_required: metadata.passphraseRequired,
  }
}

/** @returns An element of the recent list: a Metadata object that does not lead to the secret. */
export function presentRecent(metadata: Metadata) {
  return { ...presentMetadata(metadata), secret_key: undefined }
}

/** @returns The answer to a burn. */
export function presentBurned(metadata: Metadata, secretKey: string) {
  return { state: presentMetadata(metadata), secret_shortkey: secretKey.slice(0, SHORT_KEY_LENGTH) }
}

function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
