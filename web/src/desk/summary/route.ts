import { page } from '../page'
import { t } from './texts'

export default page({ path: 'summary', order: 70, title: () => t.title, firstOf: ['leader'], list: () => import('./List.vue') })
