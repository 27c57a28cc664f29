import { page } from '../page'
import { myDuties } from '../duties/questions'
import { premisesOf } from '../premises/questions'
import { allPremises, checklists } from './questions'
import { t } from './texts'

export default page({
  path: 'inspections',
  title: () => t.title,
  of: () => true,
  tab: { order: 35, icon: 'M9 4h6v3H9zM7 5H5v15h14V5h-2M9 13l2 2 4-4' },
  asks: (id) => (id ? [checklists, allPremises, ...(id === 'area' ? [] : [premisesOf(id)])] : [allPremises, myDuties]),
  list: () => import('./List.vue'),
  detail: () => import('./Detail.vue'),
})
