/** What I reported, and one of it. */
import { ask, intake, type Report } from '../../shared/api'
import { rowOf, type Question } from '../../shared/kept'

export const myReports = {
  name: 'mine',
  ask: async () => (await ask(intake.GET('/reports', { params: { query: { mine: true, newest_first: true, limit: 50 } } }))).items,
}
export const reportOf = (id: string): Question<Report> => ({
  name: `report:${id}`,
  ask: () => ask(intake.GET('/reports/{report_id}', { params: { path: { report_id: id } } })),
  known: () => rowOf<Report>(myReports.name, id),
})
