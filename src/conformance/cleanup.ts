import { Caller } from './caller.ts'
import type { Client } from './client.ts'
import type { Created } from './ledger.ts'

/**
 * Burns every secret that is still open. One that cannot be burned is revealed.
 *
 * @returns How many could not be removed; they expire by themselves.
 */
export async function removeOpen(client: Client): Promise<number> {
  const caller = new Caller(client)
  let left = 0
  for (const secret of client.ledger.open) {
    const isGone = (await isRemoved(burn(caller, secret))) || (await isRemoved(reveal(caller, secret)))
    if (!isGone) left += 1
    client.ledger.forget(secret)
  }
  return left
}

async function isRemoved(answer: ReturnType<Caller['form']>): Promise<boolean> {
  const status = await answer.then(
    (one) => one.status,
    () => 0,
  )
  // 404: it is gone already, in a way that its check did not see.
  return status === 200 || status === 404
}

function burn(caller: Caller, { version, receiptKey, passphrase }: Created) {
  if (version === 'v1') return caller.form(`/api/v1/private/${receiptKey}/burn`, { passphrase })
  const path = `/api/${version}/guest/receipt/${receiptKey}/burn`
  return caller.json(path, { continue: true, passphrase })
}

function reveal(caller: Caller, { version, secretKey, passphrase }: Created) {
  if (version === 'v1') return caller.form(`/api/v1/secret/${secretKey}`, { passphrase })
  const path = `/api/${version}/guest/secret/${secretKey}/reveal`
  return caller.json(path, { continue: true, passphrase })
}
