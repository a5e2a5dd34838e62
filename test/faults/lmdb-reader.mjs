// Opens embedded stores, one after the other, and uses all of each: reveals the secrets whose ids it is given, reads their
// receipts and the accounts, stores a new secret, and sweeps. Prints a line for each store: how each secret was answered, or
// why the store does not open.
import { readFileSync, writeSync } from 'node:fs'
import { openLmdbStore } from '../../compiled/store/lmdb/open.js'

const [file, ...folders] = process.argv.slice(2)
const { ids, fresh, accounts, now } = JSON.parse(readFileSync(file, 'utf8'))
const request = { outcome: 'received', roots: ['a1b2c3d4'] }

const explain = (error) => `refused: ${error.cause?.message ?? error.message}`

async function use(folder) {
  const answers = {}
  const store = await openLmdbStore(folder, { clock: () => now })
  const reveal = (id) =>
    store.secrets.claim(id, request, now).then(({ kind, sealed }) => sealed?.toString() ?? kind, explain)
  const find = (id) => store.accounts.find(id).then((found) => found?.email.toString() ?? 'unknown', explain)
  const look = async (id) => {
    answers[id] = await reveal(id)
    await store.secrets.settle(id, 'sender', now).catch(explain)
  }
  await Promise.all(ids.map(look))
  for (const id of accounts) answers[id] = await find(id)
  const pair = { ...fresh, secret: { ...fresh.secret, sealed: Buffer.from('fresh') } }
  await store.secrets.create(pair, now).catch(explain)
  if ((await store.warnings()).every((line) => !line.includes('damaged'))) await store.sweep(now + 10_000_000)
  await store.close()
  return answers
}

for (const folder of folders) {
  const answers = await use(folder).catch((error) => ({ refused: explain(error) }))
  writeSync(1, `${JSON.stringify(answers)}\n`)
}
