import { availableParallelism } from 'node:os'
import argon2 from 'argon2'

// Hashes for some seconds, as many at once as there are cores, and prints how many were hashed in a second. The cost is the
// default of ARGON2_MEMORY and ARGON2_TIME.

const seconds = Number(process.argv[2])
const began = performance.now()
const until = began + seconds * 1000
let hashed = 0
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    while (performance.now() < until) {
      await argon2.hash('tulip', {
        type: argon2.argon2id,
        memoryCost: 19_456,
        timeCost: 2,
        parallelism: 1,
        raw: true,
      })
      hashed += 1
    }
  }),
)
process.stdout.write(String((hashed * 1000) / (performance.now() - began)))
