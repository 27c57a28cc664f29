import { page } from '../page'
import { activities } from './questions'
import { t } from './texts'

export default page({ path: 'activities', title: () => t.title, asks: () => [activities], list: () => import('./List.vue') })
