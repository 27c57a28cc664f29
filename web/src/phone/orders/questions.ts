/** What the pages of work orders ask: two lists, and one of them with its trail and the report that it came from. */
import { ask, dispatch, intake, type WorkOrder } from '../../shared/api'
import { rowOf, type Question } from '../../shared/kept'

const listed = (name: string, task: 'todo' | 'check'): Question<WorkOrder[]> => ({
  name,
  ask: async () => (await ask(dispatch.GET('/inbox', { params: { query: { task, limit: 100 } } }))).items,
})
export const todo = listed('tasks', 'todo')
export const toCheck = listed('checks', 'check')

const path = (id: string) => ({ params: { path: { work_order_id: id } } })
const read = (id: string): Promise<WorkOrder> => ask(dispatch.GET('/work-orders/{work_order_id}', path(id)))
export const orderOf = (id: string): Question<WorkOrder> => ({
  name: `order:${id}`,
  ask: () => read(id),
  known: () => rowOf<WorkOrder>(todo.name, id) ?? rowOf<WorkOrder>(toCheck.name, id),
})
export const trailOf = (id: string) => ({ name: `trail:${id}`, ask: () => ask(dispatch.GET('/work-orders/{work_order_id}/trail', path(id))) })
/** Its report, where it came from one; `known`: the work order as this phone has it. */
export const reportOf = (id: string, known: () => WorkOrder | undefined) => ({
  name: `sources:${id}`,
  ask: async () => {
    const { sources } = known() ?? (await read(id))
    const source = sources.find(({ kind }) => kind === 'report')
    return source ? await ask(intake.GET('/reports/{report_id}', { params: { path: { report_id: source.id } } })) : null
  },
})
