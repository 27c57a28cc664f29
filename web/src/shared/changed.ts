/** What somebody changed in a form, so that it can be put onto what others have changed meanwhile. */
const isParts = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The parts of `value` that are not as in `before`, also of objects within; a list is one part. Null where all is the same. */
export function changed<T extends object>(value: T, before: T): Partial<T> | null {
  const found = Object.entries(value).flatMap(([name, now]) => {
    const was = (before as Record<string, unknown>)[name]
    if (JSON.stringify(now) === JSON.stringify(was)) return []
    const part: unknown = isParts(now) && isParts(was) ? changed(now, was) : now
    return part === null ? [] : [[name, part]]
  })
  return found.length ? (Object.fromEntries(found) as Partial<T>) : null
}

/** `base` with what `changed` gave. */
export function onto<T extends object>(base: T, changes: Partial<T>): T {
  const parts = Object.entries(changes).map(([name, now]) => {
    const was = (base as Record<string, unknown>)[name]
    return [name, isParts(now) && isParts(was) ? onto(was, now) : now]
  })
  return { ...base, ...Object.fromEntries(parts) } as T
}
