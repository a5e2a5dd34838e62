import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../../src/testing.ts'
import { type Api, api } from '../api/client.ts'
import { launchChromium } from '../support/chromium.ts'
import { enter, type Stage } from './stage.ts'

const NARROW = { width: 320, height: 640 }

let server: TestServer
let client: Api
let browser: Browser
beforeAll(async () => {
  server = await startTestServer()
  client = api(server)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

async function share(secret: string, more: Record<string, string> = {}) {
  const { body } = await client.post('/share', { secret, ...more })
  return {
    path: `/secret/${body.secret_key}`,
    state: async () => (await client.get(`/private/${body.metadata_key}`)).body['state'],
  }
}

async function open({ page }: Pick<Stage, 'page'>, path: string): Promise<void> {
  await page.goto(path)
  await page.click('button.primary')
  await page.locator('#revealed').waitFor()
}

describe('F8: hostile secrets are shown as text', () => {
  const HOSTILE = {
    'script tags': '<script>document.title = "gone"</script><img src=x onerror="document.title=1">',
    'javascript links': '<a href="javascript:alert(1)">click</a> javascript:alert(1)',
    'an override of direction': 'invoice_\u202efdp.exe\u202c and on',
    'ten thousand letters without a blank': 'x'.repeat(10_000),
    templates: '{{constructor.constructor("alert(1)")()}} \u0024{7*7} <%= 7*7 %>',
    'markup that closes ours': '</pre></details></main></body></html><h1>Hello</h1>',
  }
  it.each(Object.entries(HOSTILE))('%s', async (name, secret) => {
    for (const javaScriptEnabled of [true, false]) {
      const folder = `hostile/${javaScriptEnabled ? 'with' : 'without'}-script`
      const stage = await enter(browser, server.url, { name: folder, viewport: NARROW, javaScriptEnabled })
      const { path } = await share(secret)
      await open(stage, path)
      expect(await stage.page.textContent('#revealed')).toBe(secret)
      expect(await stage.page.locator('main h1').allTextContents()).toEqual(['Your secret'])
      expect(await stage.page.title()).toBe('Your secret · Emberlink')
      const cutOff = await stage.page
        .locator('#revealed')
        .evaluate((box) => box.scrollWidth - box.clientWidth)
      expect(cutOff).toBe(0)
      await stage.capture(name)
      await stage.leave()
    }
  })
})

describe('F19: the copy button adds and loses no byte', () => {
  let elsewhere: Server
  beforeAll(async () => {
    // Our pages may not read the clipboard, so another one has to.
    elsewhere = createServer((_request, response) => response.end('<!doctype html><title>paste</title>'))
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => elsewhere.close())

  async function paste(): Promise<string> {
    const context = await browser.newContext({ permissions: ['clipboard-read'] })
    const page = await context.newPage()
    await page.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`)
    await page.bringToFront()
    const text = await page.evaluate('navigator.clipboard.readText()')
    await context.close()
    return String(text)
  }

  const TEXTS = {
    'blanks and breaks at both ends': '\n\n  two blanks\tand a tab \n',
    'carriage returns': 'one\rtwo\r\nthree\n\rfour\r',
    'emoji and other scripts': '👩‍👩‍👧 שלום 日本 e\u0301 \u00a0\u200b\ufeff.',
    'a byte order mark in front': '\ufeffmark',
    'control characters': '\u0001\u0008\u000b\u000c\u001b\u007f\u0085\u009f\u2028\u2029',
    'a NUL, and a byte order mark': '\ufeffbefore\0after\0',
    'a long text': `${'long lines '.repeat(500)}\n`,
  }
  it.each(Object.entries(TEXTS))('%s', async (_name, secret) => {
    const { path } = await share(secret)
    const stage = await enter(browser, server.url, {
      name: 'copy',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await open(stage, path)
    await stage.page.click('[data-copy=revealed]')
    await stage.page.locator('button', { hasText: 'Copied' }).waitFor()
    expect(await paste()).toBe(secret)
    await stage.leave()
  })

  it('also where the page has no clipboard API, as over plain http', async () => {
    const secret = '\none\r\ntwo\r'
    const { path } = await share(secret)
    const stage = await enter(browser, server.url, { name: 'copy' })
    await stage.context.addInitScript('Object.defineProperty(navigator, "clipboard", { value: undefined })')
    await open(stage, path)
    await stage.page.click('[data-copy=revealed]')
    await stage.page.locator('button', { hasText: 'Copied' }).waitFor()
    expect(await paste()).toBe(secret)
    await stage.leave()
  })

  it('copying by hand, too, leaves the text as it is, without the marks of invisible characters', async () => {
    const plain = 'one\u200b two \u202ethree\u202c \u2066four\u2069 \u00ad\u{e0041}five'
    // A browser has its own way with these, which only the script can change.
    const all = `${plain}\u00a0six\0\rseven\n`
    for (const [secret, javaScriptEnabled] of [
      [all, true],
      [plain, false],
    ] as const) {
      const stage = await enter(browser, server.url, { name: 'by-hand', javaScriptEnabled })
      await open(stage, (await share(secret)).path)
      await stage.page.evaluate('getSelection().selectAllChildren(document.getElementById("revealed"))')
      await stage.page.keyboard.press('Control+c')
      expect(await paste()).toBe(secret)
      await stage.leave()
    }
  })

  it('and the file of a long secret is the secret to the byte, with and without script', async () => {
    const secret = `\n${'line\r\n'.repeat(400)}\0 end\n`
    for (const javaScriptEnabled of [true, false]) {
      const { path } = await share(secret)
      const stage = await enter(browser, server.url, { name: 'file', javaScriptEnabled })
      await open(stage, path)
      const [download] = await Promise.all([stage.page.waitForEvent('download'), stage.page.click('#file')])
      expect(download.suggestedFilename()).toBe('secret.txt')
      expect(await readFile(await download.path(), 'utf8')).toBe(secret)
      expect(await stage.page.locator('#revealed').isVisible()).toBe(true)
      await stage.leave()
    }
  })
})

describe('F18: a revealed secret', () => {
  async function isShown(page: Page): Promise<boolean> {
    return (await page.content()).includes('shown at most once')
  }

  async function goBack(page: Page): Promise<void> {
    // Without script the browser would have to send the form again, which it does not do unasked.
    await page.goBack().catch(() => undefined)
    await page.waitForTimeout(200)
  }

  it.each([true, false])(
    'is not shown again by reload, Back or Forward (script: %s)',
    async (javaScriptEnabled) => {
      const { path } = await share('shown at most once')
      const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled })
      const page = await context.newPage()
      await page.goto('/signin')
      await open({ page }, path)
      expect(await isShown(page)).toBe(true)

      await page.goto('/signin')
      await goBack(page)
      expect(await isShown(page)).toBe(false)
      await page.goto(path)
      expect(await page.textContent('h1')).toBe('There is no secret here')
      await goBack(page)
      expect(await isShown(page)).toBe(false)
      await context.close()
    },
  )

  it('is not in a page that the browser keeps in memory, as some do in spite of no-store', async () => {
    const { path } = await share('shown at most once')
    const stage = await enter(browser, server.url, { name: 'memory' })
    const { page } = stage
    await open(stage, path)
    await page.evaluate('dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))')
    expect(await isShown(page)).toBe(false)
    await Promise.all([
      page.waitForEvent('load'),
      page.evaluate('dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))'),
    ])
    expect(await page.textContent('h1')).toBe('There is no secret here')
    await stage.leave()
  })

  it('disappears by a reload, which sends no form again', async () => {
    const { path } = await share('shown at most once')
    const stage = await enter(browser, server.url, { name: 'reload' })
    await open(stage, path)
    const methods: string[] = []
    stage.page.on('request', (request) => methods.push(request.method()))
    await stage.page.reload()
    expect(await stage.page.textContent('h1')).toBe('There is no secret here')
    expect(methods).not.toContain('POST')
    await stage.leave()
  })
})

describe('F5: a secret that waits for its recipient', () => {
  it('survives reloads, Back, prefetching, and a scanner that runs scripts and follows each link', async () => {
    const { path, state } = await share('waits for a person')
    const stage = await enter(browser, server.url, { name: 'scanner' })
    const { page } = stage
    await page.goto(path)
    await page.reload()
    for (const href of await page
      .locator('a[href]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))) {
      await page.goto(href)
      await page.goBack()
    }
    await page.mouse.move(50, 50)
    await page.mouse.wheel(0, 500)
    await page.waitForTimeout(300)
    expect(await state()).toBe('new')
    await page.goto(path)
    expect(await page.locator('form button.primary').isVisible()).toBe(true)
    await stage.leave()
  })

  it('is revealed by a double click, which sends one form', async () => {
    const { path } = await share('clicked twice')
    const stage = await enter(browser, server.url, { name: 'twice' })
    await stage.page.goto(path)
    const posts: string[] = []
    stage.page.on('requestfinished', (request) => posts.push(request.method()))
    await stage.page.dblclick('button.primary')
    await stage.page.locator('#revealed').waitFor()
    await stage.page.waitForTimeout(200)
    expect(posts).toEqual(['POST'])
    expect(await stage.page.textContent('#revealed')).toBe('clicked twice')
    await stage.leave()
  })

  it('F1: is revealed in one of two browsers that race', async () => {
    const { path } = await share('for one')
    const stages = await Promise.all([1, 2].map((n) => enter(browser, server.url, { name: `race/${n}` })))
    await Promise.all(stages.map(({ page }) => page.goto(path)))
    await Promise.all(stages.map(({ page }) => page.click('button.primary')))
    const headings = await Promise.all(
      stages.map(async ({ page }) => {
        await page.locator('h1', { hasNotText: 'waiting' }).waitFor()
        return page.textContent('h1')
      }),
    )
    expect(headings.sort()).toEqual(['There is no secret here', 'Your secret'])
    await Promise.all(stages.map(({ leave }) => leave()))
  })

  it('is still available when the network fails before the form arrives, and the page says so', async () => {
    const { path } = await share('after the tunnel')
    const context = await browser.newContext({ baseURL: server.url })
    const page = await context.newPage()
    await page.goto(path)
    await context.setOffline(true)
    await page.click('button.primary')
    await page.locator('.alert').waitFor()
    expect(await page.textContent('.alert')).toContain('The server did not answer.')
    await context.setOffline(false)
    await page.click('button.primary')
    await page.locator('#revealed').waitFor()
    expect(await page.textContent('#revealed')).toBe('after the tunnel')
    await context.close()
  })
})
