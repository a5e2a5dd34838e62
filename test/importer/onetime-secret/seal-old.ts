import { createCipheriv, hash } from 'node:crypto'

/** Seals as servers up to 0.23 do: AES-256-CBC with what EVP_BytesToKey makes of a hash, by MD5 and 2,048 rounds. */
export function sealOld(input: string, text: string | Buffer): Buffer {
  const hex = hash('sha256', input, 'hex')
  let [material, block] = [Buffer.alloc(0), Buffer.alloc(0)]
  while (material.length < 48) {
    block = hash('md5', Buffer.concat([block, Buffer.from(hex)]), 'buffer')
    for (let count = 1; count < 2048; count += 1) block = hash('md5', block, 'buffer')
    material = Buffer.concat([material, block])
  }
  const cipher = createCipheriv('aes-256-cbc', material.subarray(0, 32), material.subarray(32, 48))
  return Buffer.concat([cipher.update(text), cipher.final()])
}
