import { fileURLToPath } from 'node:url'
import type { BrowserContextOptions, Page } from 'playwright-core'

const FOLDER = fileURLToPath(new URL('../../screenshots/', import.meta.url))

const SCHEMES = ['light', 'dark'] as const
const SIZES = [
  { width: 320, height: 640 },
  { width: 1280, height: 800 },
]

/** Whether `npm run screenshots` runs the stories. */
export const TAKES_PICTURES = process.env['MODE'] === 'screenshots'

/**
 * Takes a picture of a page in light and dark, narrow and wide, into a folder for each; only for `npm run screenshots`.
 *
 * @param name The name of the picture, with the folder of its story.
 * @param colorScheme What the page is shown in afterwards.
 */
export async function takePictures(
  page: Page,
  name: string,
  { colorScheme = null }: Pick<BrowserContextOptions, 'colorScheme'>,
): Promise<void> {
  if (!TAKES_PICTURES) return
  const before = page.viewportSize()
  for (const scheme of SCHEMES) {
    for (const size of SIZES) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize(size)
      const path = `${FOLDER}${scheme}-${size.width}/${name}.png`
      await page.screenshot({ path, fullPage: true })
    }
  }
  await page.emulateMedia({ colorScheme })
  if (before !== null) await page.setViewportSize(before)
}
