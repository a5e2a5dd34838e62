import { customAlphabet } from 'nanoid'
import type { Brand } from '../brand.ts'
import { derive } from '../crypto/derive.ts'
import type { KeyRing, RootKey } from '../crypto/key-ring.ts'
import type { AccountId } from './records.ts'

/** The API token that authenticates an account. */
export type Token = Brand<string, 'token'>

const newText = customAlphabet('abcdefghijklmnopqrstuvwxyz0123456789', 40)

/** Generates an API token: 40 characters of `[a-z0-9]`, 206 random bits. */
export function newToken(): Token {
  return newText() as Token
}

/** Parses an API token from a client or a setting; returns undefined when it is empty. */
export function parseToken(text: string): Token | undefined {
  return text === '' ? undefined : (text as Token)
}

/**
 * Derives the id under which an account is stored, for one root key. Source: src/crypto/SPEC.md section 2.
 *
 * @param email In canonical form.
 */
export function accountIdOf(root: RootKey, email: string): AccountId {
  return derive(root.key, 'account-id', email).toString('base64url', 0, 16) as AccountId
}

/**
 * Returns the ids under which an account may be stored: one for each root key, newest first.
 *
 * @param email In canonical form.
 */
export function accountIds(ring: KeyRing, email: string): [AccountId, ...AccountId[]] {
  const [, ...older] = ring.all
  return [accountIdOf(ring.current, email), ...older.map((root) => accountIdOf(root, email))]
}

/**
 * Hashes a token under a root key. Tokens are random, so they need no stretching, and checking one takes microseconds.
 * Source: src/crypto/SPEC.md section 2.
 *
 * @returns 32 bytes.
 */
export function hashToken(root: RootKey, id: AccountId, token: Token): Buffer {
  return derive(root.key, 'account-token', id, token)
}
