import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const run = promisify(execFile)

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
const HOME = `${CACHE}chromium-147`
const UNPACK = fileURLToPath(new URL('chromium-unpack.mjs', import.meta.url))

/**
 * Starts the Chromium that npm brought along, without anything from the system: a fresh machine may lack its
 * libraries and fonts.
 */
export async function launchChromium(): Promise<Browser> {
  await unpack()
  return chromium.launch({
    executablePath: `${HOME}/chromium`,
    // Those of the package itself switch off what is to be tested here: `--disable-web-security`.
    args: ['--no-sandbox', '--disable-gpu'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: `${HOME}/al2023/lib`,
      FONTCONFIG_FILE: `${HOME}/fonts.conf`,
    },
  })
}

/** Unpacks into a folder of its own and moves that into place, so that several processes may try at once. */
async function unpack(): Promise<void> {
  if (existsSync(HOME)) return
  await mkdir(CACHE, { recursive: true })
  const draft = await mkdtemp(`${CACHE}chromium-`)
  // The package unpacks into TMPDIR, and its libraries too if it takes this for the machine it was made for.
  const env = { ...process.env, TMPDIR: draft, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' }
  await run(process.execPath, [UNPACK], { env })
  await writeFile(`${draft}/fonts.conf`, FONTS)
  try {
    await rename(draft, HOME)
  } catch (error) {
    if (!existsSync(HOME)) throw error
    await rm(draft, { recursive: true })
  }
}

// Pages look alike everywhere: the package's own font first, the system's for the scripts that it lacks.
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${HOME}/fonts/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${HOME}/font-cache</cachedir>
  <alias binding="strong"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`
