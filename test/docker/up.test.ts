import { describe, expect, it, onTestFinished } from 'vitest'
import { api, unknownSecret } from '../api/client.ts'
import { run, serve, temporaryFolder } from '../commands/emberlink.ts'
import { readCompose } from './compose.ts'
import { newStack } from './stack.ts'

describe('docker-compose.yml, run without the containers', () => {
  it('makes its secrets, passes `check`, shares and reveals a secret once, and exits with 0', async () => {
    const stack = await newStack('docker-compose.yml')
    onTestFinished(() => stack.stop())
    await stack.start('redis')
    const { ROOT_KEY_FILE = '' } = readCompose('docker-compose.yml').services['emberlink']?.environment ?? {}
    const settings = {
      DATA_DIR: await temporaryFolder(),
      REDIS_URL: stack.url,
      ROOT_KEY_FILE: stack.local(ROOT_KEY_FILE),
    }
    expect(await run(['check'], settings)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^settings: good\nstore: accepts writes\nroot keys: .+\nclock: 0\.\d s apart from that of Redis\nemail: not configured\n$/,
      ),
    })

    const server = await serve(settings)
    const { body } = await api(server).post('/share', { secret: 'across', passphrase: 'word' })
    const reveal = () => api(server).post(`/secret/${body.secret_key}`, { passphrase: 'word' })
    expect((await reveal()).body.value).toBe('across')
    expect(await reveal()).toEqual(unknownSecret(body.secret_key))
    expect(await server.stop()).toMatchObject({ code: 0, stdout: expect.not.stringContaining('"level":50') })
  })
})
