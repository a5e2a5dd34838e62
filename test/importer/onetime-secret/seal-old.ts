import { createCipheriv, hash } from 'node:crypto'

/** Seals as servers up to 0.23 do: AES-256-CBC with what EVP_BytesToKey makes of a hash, by MD5 and 2,048 rounds. */
export function sealOld(input: string, text: string | Buffer): Buffer {
  const hex = hash('sha256', input, 'hex')
  const block = Buffer.alloc(16)
  let material = Buffer.alloc(0)
  while (material.length < 48) {
    let digest = hash('md5', Buffer.concat([material.subarray(-16), Buffer.from(hex)]), 'binary')
    for (let count = 1; count < 2048; count += 1) {
      block.write(digest, 'binary')
      digest = hash('md5', block, 'binary')
    }
    material = Buffer.concat([material, Buffer.from(digest, 'binary')])
  }
  const cipher = createCipheriv('aes-256-cbc', material.subarray(0, 32), material.subarray(32, 48))
  return Buffer.concat([cipher.update(text), cipher.final()])
}
