// Takes the write lock of an LMDB file, says so, and never gives it back.
import { writeSync } from 'node:fs'
import { open } from 'lmdb'

const root = open({ path: process.argv[2], noSubdir: true, overlappingSync: false })
await root.transaction(() => {
  writeSync(1, 'held\n')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
