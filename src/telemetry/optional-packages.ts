/**
 * Loads packages that only some deployments need and that are not installed with Emberlink.
 *
 * @param purpose What needs them, such as the name of a setting.
 * @param names What to install.
 * @param load Imports them.
 * @throws Error that says what to install, when one of them is missing.
 */
export async function loadPackages<T>(
  purpose: string,
  names: readonly string[],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause
    throw new Error(`${purpose} needs packages that are not installed: npm i ${names.join(' ')}`, { cause })
  }
}
