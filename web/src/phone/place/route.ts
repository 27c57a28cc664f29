import { page } from '../page'
import { myDuties } from '../duties/questions'
import { openHazards } from '../hazards/questions'
import { lastInspections } from './questions'
import { t } from './texts'

export default page({
  path: 'place',
  title: () => t.title,
  tab: { order: 5, icon: 'M4 11 12 4l8 7M6.5 9v11h11V9M10 20v-6h4v6' },
  of: (role) => role === 'safety_manager',
  asks: () => [openHazards, myDuties, lastInspections],
  list: () => import('./List.vue'),
})
