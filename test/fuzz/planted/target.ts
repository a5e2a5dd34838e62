import type { Target } from '../target.ts'

/** A bug that no blind search finds: behind a magic number, a version and a name. */
export const target: Target = {
  name: 'planted',
  input: 'bytes',
  seeds: () => ['a seed that leads nowhere'],
  run(input) {
    if (input.length < 8 || input.readUInt32BE(0) !== 0x454d4252) return
    const version = input.readUInt8(4)
    if (version !== 7) return
    if (input.toString('latin1', 5).split(':', 1)[0] === 'ttl') throw new Error('planted')
  },
}
