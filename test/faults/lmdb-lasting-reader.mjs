// Opens an embedded store, reads from it, and keeps it open until its standard input ends.
import { openLmdbStore } from '../../compiled/store/lmdb/open.js'

const store = await openLmdbStore(process.argv[2])
await store.reachable()
console.log('open')
process.stdin.on('end', () => store.close()).resume()
