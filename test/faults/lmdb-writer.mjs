// Creates secrets and claims every other one, and says what it is about to do and what is done, until it is killed.
import { writeSync } from 'node:fs'

const [folder, name] = process.argv.slice(2)
const { openLmdbStore } = await import(new URL('../../compiled/store/lmdb/open.js', import.meta.url).href)
const store = await openLmdbStore(folder)
const now = Date.now()

function say(line) {
  writeSync(1, `${line}\n`)
}

async function createAndClaim(id, claims) {
  const receipt = { state: 'new', created: now, updated: now, ttl: 600, protected: false }
  const secret = { sealed: Buffer.from(`sealed ${id}`.repeat(20)), protected: false, root: 'root' }
  await store.secrets.create({ id, secret, receipt }, now)
  say(`created ${id}`)
  if (!claims) return
  say(`claiming ${id}`)
  const { kind } = await store.secrets.claim(id, { outcome: 'received', roots: ['root'] }, now)
  say(`${kind} ${id}`)
}

for (let round = 0; ; round++) {
  const ids = Array.from({ length: 16 }, (_, turn) => `${name}-${round}-${turn}`.padEnd(25, '_'))
  await Promise.all(ids.map((id, turn) => createAndClaim(id, turn % 2 === 0)))
}
