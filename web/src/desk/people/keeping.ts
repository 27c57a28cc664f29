/** What all parts of the page share: who keeps posts, and the filter in the address. */
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { post } from '../../shared/session'

/** Whether a role gives and ends posts, grants leave and plans shifts. The API decides where. */
export const keepsPosts = (role: string | null): boolean => role === 'admin' || role === 'leader'

type Filter = Record<string, string | undefined>

/** The values of `keys` in the address; `area` is the caller's own unit until another is chosen. */
export function filter(keys: readonly string[]): { shown: ComputedRef<Filter>; go: (change: Filter) => void; here: string | undefined } {
  const route = useRoute()
  const router = useRouter()
  const here = post()?.unit?.code
  const shown = computed(() => {
    const found: Filter = Object.fromEntries(keys.map((key) => [key, typeof route.query[key] === 'string' && route.query[key] ? route.query[key] : undefined]))
    return keys.includes('area') ? { ...found, area: found.area ?? here } : found
  })
  return { shown, here, go: (change) => void router.push({ name: 'people', query: { ...route.query, ...change } }) }
}

/** A local day `YYYY-MM-DD`, today's by default. */
export const localDay = (at = new Date()): string => new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(at)
