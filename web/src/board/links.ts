/** The list behind a number, on the desk. One tab for all of them: the board stays where it is. */
export const DESK = 'gridgov-desk'

export const listOf = (filter: Record<string, string | undefined> = {}): string => {
  const query = new URLSearchParams(Object.entries(filter).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
  return query.size ? `/app/desk/inbox?${query}` : '/app/desk/inbox'
}
