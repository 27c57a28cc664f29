/** The list behind a number, on the desk. One tab for all of them: the board stays where it is. */
export const DESK = 'gridgov-desk'

type Filter = Record<string, string | undefined>

const listAt = (page: string, filter: Filter): string => {
  const query = new URLSearchParams(Object.entries(filter).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
  return query.size ? `/app/desk/${page}?${query}` : `/app/desk/${page}`
}
/** Work orders: what is open unless the filter says a day (`today: 'closed'`) or a light. */
export const listOf = (filter: Filter = {}): string => listAt('inbox', filter.today || filter.light ? filter : { open: 'yes', ...filter })
/** Reports that came today. */
export const reportsOf = (filter: Filter = {}): string => listAt('reports', { since: 'today', ...filter })
