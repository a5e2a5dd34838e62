import { Caller } from './caller.ts'
import type { Client } from './client.ts'
import type { Created } from './ledger.ts'

/**
 * Burns every secret that is still open.
 *
 * @returns How many could not be burned; they expire by themselves.
 */
export async function burnOpen(client: Client): Promise<number> {
  const caller = new Caller(client)
  let left = 0
  for (const secret of client.ledger.open) {
    const status = await burn(caller, secret).catch(() => 0)
    // 404: it is gone already, in a way that its check did not see.
    if (status !== 200 && status !== 404) left += 1
    client.ledger.forget(secret)
  }
  return left
}

async function burn(caller: Caller, { version, receiptKey, passphrase }: Created): Promise<number> {
  if (version === 'v1') {
    return (await caller.form(`/api/v1/private/${receiptKey}/burn`, { passphrase })).status
  }
  const path = `/api/${version}/guest/receipt/${receiptKey}/burn`
  return (await caller.json(path, { continue: true, passphrase })).status
}
