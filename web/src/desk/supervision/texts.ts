import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '督办', all: '全部计时', steps: '预警与催办', clocks: '计时', views: '查看', filters: '筛选', light: '时限状态', state: '状态', number: '编号', what: '时限',
    unit: '责任单位', due: '到期', overdue: '只看已超时', street: '街道', anyState: '全部状态', anyLight: '全部时限状态', anyStep: '预警和催办', step: '步骤', at: '发出时间', find: '查询编号',
    hint: '编号后六位',
    empty: '这里是本辖区工单、隐患和定期职责的时限，目前没有符合条件的。有时限开始计时后会自动出现；也可放宽上面的筛选条件。',
    noSteps: '这里是系统发出的预警（时限过 80%）和催办（到期），目前没有。一有发出就会出现在这里。',
    limit: '时限长度', started: '开始计时', warn: '预警时间', next: '下一步', nextStep: (when: string, unit: string, step: string) => `${when} 向${unit}发${step}`, level: '已发出', where: '所在区域', ended: '结束时间', kept: '是否按时', yes: '按时', no: '超时',
    suspended: '挂账自', trail: '留痕', order: '查看工单', fold: '收起工单', hazard: '查看隐患', duty: '查看定期职责',
  },
  {
    title: 'Supervision', all: 'All clocks', steps: 'Warnings and reminders', clocks: 'Clocks', views: 'Show', filters: 'Filters', light: 'Light', state: 'State', number: 'Number', what: 'Limit',
    unit: 'Unit', due: 'Due', overdue: 'Only overdue', street: 'Street', anyState: 'All states', anyLight: 'All lights', anyStep: 'Both steps', step: 'Step', at: 'Sent', find: 'Find the number',
    hint: 'Last six digits',
    empty: 'Here are the limits of work orders, hazards and duties in your area; none fits now. They appear by themselves once one starts; or widen the filters above.',
    noSteps: 'Here are the warnings (80 % of a limit) and reminders (due) that were sent; none so far. They appear by themselves.',
    limit: 'Length', started: 'Started', warn: 'Warning at', next: 'Next step', nextStep: (when: string, unit: string, step: string) => `${when}: ${step.toLowerCase()} to ${unit}`, level: 'Sent so far', where: 'Area', ended: 'Ended', kept: 'In time', yes: 'In time', no: 'Late',
    suspended: 'Suspended since', trail: 'Trail', order: 'Show the work order', fold: 'Fold the work order', hazard: 'Show the hazard', duty: 'Show the duty',
  },
)

export const clockStateWords = texts(
  { running: '计时中', suspended: '挂账', fulfilled: '已完成', stopped: '已停止' },
  { running: 'Running', suspended: 'Suspended', fulfilled: 'Fulfilled', stopped: 'Stopped' },
)

export const limitNameWords = texts(
  { accept: '签收', resolve: '办结', rectify: '整改', recheck: '每周复查', listing: '挂牌决定', do: '履职' },
  { accept: 'To accept', resolve: 'To resolve', rectify: 'To put right', recheck: 'Weekly re-check', listing: 'To decide the listing', do: 'Duty' },
)

export const stepWords = texts({ warn: '预警', remind: '催办' }, { warn: 'Warning', remind: 'Reminder' })

export const levelWords = texts({ none: '无', warned: '预警', reminded: '预警、催办' }, { none: 'Nothing', warned: 'Warning', reminded: 'Warning and reminder' })

export const clockVerbs = texts(
  { start: '开始计时', follow: '时限变动', stop: '停止计时', warn: '预警', remind: '催办' },
  { start: 'Clock started', follow: 'Limit changed', stop: 'Clock stopped', warn: 'Warning', remind: 'Reminder' },
)
