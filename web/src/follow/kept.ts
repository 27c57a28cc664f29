/** What was typed and not sent, and the receipt until somebody says that they have it: kept on this device. A browser that
 * keeps nothing (private mode) keeps it as long as the page is open. */
const PREFIX = 'follow:'
const open: Record<string, string> = {}

export function kept<T extends object>(name: string, empty: T): T {
  try {
    return { ...empty, ...(JSON.parse(read(PREFIX + name) || '{}') as Partial<T>) }
  } catch {
    return { ...empty }
  }
}

export const keep = (name: string, value: object): void => write(PREFIX + name, JSON.stringify(value))

export function forget(...names: string[]): void {
  for (const name of names) write(PREFIX + name, '')
}

export function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? open[key] ?? null
  } catch {
    return open[key] ?? null
  }
}

export function write(key: string, value: string): void {
  open[key] = value
  try {
    if (value) localStorage.setItem(key, value)
    else localStorage.removeItem(key)
  } catch {
    // forbidden, or full
  }
}

/** A key drawn by chance: what is sent again under it is the same report. Old phones have no `randomUUID`. */
export const newKey = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
