import { open } from 'lmdb'
import { RECEIPT, type Steps } from './steps.ts'

const COUNT = 'count'

/** Creates the steps in LMDB: one durable transaction each. */
export function lmdbSteps(folder: string): Steps {
  const records = open<Buffer, string>({
    path: `${folder}/records`,
    encoding: 'binary',
    overlappingSync: false,
  })
  const count = () => {
    const counted = Buffer.alloc(8)
    counted.writeDoubleLE((records.get(COUNT)?.readDoubleLE() ?? 0) + 1)
    void records.put(COUNT, counted)
  }
  return {
    create: (id, sealed) =>
      records.transaction(() => {
        count()
        void records.put(`s:${id}`, sealed)
        void records.put(`m:${id}`, RECEIPT)
      }),
    async claim(id) {
      const sealed = await records.transaction(() => {
        count()
        const found = records.get(`s:${id}`)
        void records.remove(`s:${id}`)
        void records.put(`m:${id}`, RECEIPT)
        return found
      })
      if (sealed === undefined) throw new Error('unknown secret')
      return sealed
    },
  }
}
