import { describe } from 'vitest'
import { Memory, openMemoryStore } from '../contract/memory.ts'
import { storeContract } from '../contract/store.ts'

describe('the store contract in memory', () => {
  const memory = new Memory()

  storeContract({
    shared: false,
    open: async () => openMemoryStore(memory),
    async evict(id) {
      const pair = memory.pairs.get(id)
      if (pair !== undefined) memory.pairs.set(id, { receipt: pair.receipt })
    },
  })
})
