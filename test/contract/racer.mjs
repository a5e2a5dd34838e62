// One process of a race: opens the store that its arguments name, then makes the calls that it is sent, all at once.
import { setTimeout as sleep } from 'node:timers/promises'

const opener = JSON.parse(process.argv[2])
const { [opener.name]: open } = await import(new URL(`../../compiled/${opener.module}`, import.meta.url).href)
const store = await open(...opener.args)

process.on('disconnect', () => process.exit())
process.on('message', async ({ startAt, calls }) => {
  try {
    await sleep(startAt - Date.now())
    const answers = await Promise.all(calls.map(({ part, method, args }) => store[part][method](...args)))
    process.send({ answers })
  } catch (error) {
    process.send({ failure: String(error?.stack ?? error) })
  }
})
process.send('ready')
