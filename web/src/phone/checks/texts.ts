import { texts } from '../../shared/i18n'

export const t = texts({ title: '核查', empty: '需要您现场核查的工单会出现在这里。' }, { title: 'Checks', empty: 'Work orders to check on the spot come here.' })
