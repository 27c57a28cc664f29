/** Texts in two languages. A page keeps its own beside itself: `export const t = texts(zh, en)`; a text that is missing
 * in English does not compile. `{{ t.accept }}` in a template follows the language by itself (language.ts).
 * Knows nothing of Vue: the resident's pages have none. */
export type Language = 'zh' | 'en'
type Text = string | ((...facts: never[]) => string)

const kept = ((): string | null => {
  try {
    return globalThis.localStorage?.getItem('language') ?? null
  } catch {
    return null // a browser that keeps nothing says so by throwing
  }
})()
let current = (): Language => (kept === 'en' ? 'en' : 'zh')

/** What the page speaks now. */
export const spoken = (): Language => current()
export const follow = (language: () => Language): void => void (current = language)

export function texts<T extends Record<string, Text>>(zh: T, en: { [K in keyof T]: T[K] extends string ? string : T[K] }): T {
  return new Proxy(zh, { get: (_, key: string) => (current() === 'zh' ? zh : (en as T))[key] })
}

/** What carries both, such as a problem's title. */
export const said = (zh: string, en: string): string => (current() === 'zh' ? zh : en)
