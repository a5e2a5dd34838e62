/**
 * Loads optional packages, which are not installed with Emberlink.
 *
 * @param purpose What needs the packages, such as a setting.
 * @param names The packages to install.
 * @param load Imports the packages.
 * @throws Error naming the packages to install, when one is missing.
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
