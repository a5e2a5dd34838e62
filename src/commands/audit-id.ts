import { createInterface } from 'node:readline'
import { isEmailAddress } from '../accounts/email-address.ts'
import { pseudonymsOf } from '../accounts/pseudonym.ts'
import { readConfig } from '../config/environment.ts'
import { createKeyRing, type KeyRing } from '../crypto/key-ring.ts'
import { parseReceiptKey, parseSecretKey, recordIdOf, secretKeyOf } from '../secrets/keys.ts'
import { rootKeysOf } from '../server/backend.ts'
import { CommandError } from './errors.ts'
import { assertHoldsData } from './existing-data.ts'

const LINK = /\/(secret|private|receipt|metadata)\/([a-z0-9]{31}|[a-z0-9]{62})(?![A-Za-z0-9])/
// Those of 62 are of imported secrets.
const KEY = /^([a-z0-9]{31}|[a-z0-9]{62})$/

/**
 * Prints how the audit log names a link, a key or an account: one id a line, for `grep -F`. A bare key may be a secret key or
 * a receipt key, and an account has one id for each root key; then it prints all.
 *
 * @param text The link, key or email address; undefined to read them from standard input, where they stay out of the shell's
 *   history, each on a line.
 * @throws CommandError when one is none of these, or an embedded store has no data; ConfigError for an email address only.
 */
export async function auditId(text: string | undefined): Promise<number> {
  const texts = text === undefined ? await readLines() : [text]
  for (const one of texts) process.stdout.write(`${idsOf(one.trim()).join('\n')}\n`)
  return 0
}

async function readLines(): Promise<string[]> {
  const { stdin, stderr } = process
  if (stdin.isTTY) stderr.write('Link, key or email address: ')
  const lines = []
  for await (const line of createInterface({ input: stdin })) {
    if (line.trim() !== '') lines.push(line)
    if (stdin.isTTY) break
  }
  // A terminal would stay open otherwise, and the process with it.
  stdin.destroy()
  if (lines.length === 0) throw new CommandError('standard input is empty')
  return lines
}

function idsOf(text: string): string[] {
  const [, route, key] = LINK.exec(text) ?? []
  if (key !== undefined) return [route === 'secret' ? idOfSecret(key) : idOfReceipt(key)]
  if (KEY.test(text)) return [idOfSecret(text), idOfReceipt(text)]
  if (isEmailAddress(text)) return pseudonymsOf(existingRing(), text)
  // Does not quote it: it may be most of a key.
  throw new CommandError('expected a secret link, a receipt link, a key or an email address')
}

// Without its data, an embedded store would get new root keys, under which no log names anybody.
function existingRing(): KeyRing {
  const config = readConfig()
  if (config.rootKeys === undefined) assertHoldsData(config)
  return createKeyRing(rootKeysOf(config))
}

function idOfSecret(key: string): string {
  return recordIdOf(parseSecretKey(key))
}

function idOfReceipt(key: string): string {
  return recordIdOf(secretKeyOf(parseReceiptKey(key)))
}
