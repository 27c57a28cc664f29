import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '定期职责', views: '视图', list: '列表', calendar: '日历', plans: '计划', all: '全部', own: '本单位', units: '单位职责', premises: '场所职责', waivers: '豁免待审', filters: '筛选', area: '辖区', unit: '单位', bearer: '承担者', period: '周期', light: '时限状态', excel: '导出 Excel', template: '计划模板',
    due: '截止', duty: '职责', whose: '承担者', last: '上次', empty: '这里是单位和场所的定期职责。还没有符合条件的职责：职责由计划生成，单位或场所登记后几秒内出现。', noMonth: '请选择一个单位，查看它一个月的职责。', emptyMonth: '这个月没有到期的职责。',
    month: (year: number, month: number) => `${year}年${month}月`, before: '上个月', after: '下个月', weekdays: '一,二,三,四,五,六,日', off: '非工作日', whoseMonth: '哪个单位的日历', kept: (kept: number, all: number) => `已到期 ${all} 项，按时完成 ${kept} 项`,
    number: '编号', state: '状态', counts: '完成方式', basis: '依据', from: '本期开始', until: '本期截止', evidence: '凭证照片', beginsAt: (when: string) => `${when} 开始`, doneUntil: (when: string) => `本期已完成，下期 ${when} 开始`, waivedUntil: (when: string) => `本期已豁免，下期 ${when} 开始`, declined: (why: string) => `不同意豁免：${why}`, byHand: '只能手工登记', watched: '逾期由督导催办', unwatched: '不催办', premisesFile: '场所档案', hand: '手工登记完成',
    ask: '申请豁免', grant: '同意豁免', decline: '不同意', asked: (who: string, why: string) => `${who} 申请豁免：${why}`, history: '履职历史', noHistory: '还没有结束的周期。', trail: '留痕', saved: '已保存', stale: '显示最新内容', done: '完成于',
    planHint: '职责按计划生成；本辖区可另设周期。修改后几秒内生效，已逾期的仍为逾期。', where: '适用', everywhere: '全部区域', on: '启用', off2: '停用', change: '修改', import: '导入', apply: '重新应用', applied: '已重新应用', save: '保存', name: '名称', weekday: '星期几（1–7）', rank: '优先序', why: '修改原因', exportPlans: '导出计划', seeAll: '所有职责', yes: '是', no: '否',
  },
  {
    title: 'Duties', views: 'Views', list: 'List', calendar: 'Calendar', plans: 'Plans', all: 'All', own: 'Of my unit', units: 'Of units', premises: 'Of premises', waivers: 'Waivers to decide', filters: 'Filters', area: 'Unit and below', unit: 'Unit', bearer: 'Borne by', period: 'Period', light: 'Time left', excel: 'Excel', template: 'Template',
    due: 'Due', duty: 'Duty', whose: 'Whose', last: 'Last', empty: 'Here are the regular duties of units and premises. None fits: they are made from plans, seconds after a unit or premises is registered.', noMonth: 'Choose a unit to see a month of its duties.', emptyMonth: 'Nothing is due in this month.',
    month: (year: number, month: number) => `${year}-${String(month).padStart(2, '0')}`, before: 'Month before', after: 'Next month', weekdays: 'Mon,Tue,Wed,Thu,Fri,Sat,Sun', off: 'No working day', whoseMonth: 'Whose calendar', kept: (kept: number, all: number) => `${all} past due time, ${kept} of them kept`,
    number: 'Number', state: 'State', counts: 'What counts', basis: 'Basis', from: 'Begins', until: 'Due', evidence: 'Photos of the evidence', beginsAt: (when: string) => `Begins ${when}`, doneUntil: (when: string) => `This period is done; the next begins ${when}`, waivedUntil: (when: string) => `Let off; the next period begins ${when}`, declined: (why: string) => `The waiver was declined: ${why}`, byHand: 'Only by hand', watched: 'Supervision reminds', unwatched: 'Nobody is reminded', premisesFile: 'File of the premises', hand: 'Fulfil by hand',
    ask: 'Ask for a waiver', grant: 'Grant', decline: 'Decline', asked: (who: string, why: string) => `${who} asks for a waiver: ${why}`, history: 'History', noHistory: 'No period is over yet.', trail: 'Trail', saved: 'Saved', stale: 'Show it as it is now', done: 'done',
    planHint: 'Duties are made from plans; an area may set its own periods. A change holds within seconds; what is overdue stays so.', where: 'Where', everywhere: 'Everywhere', on: 'On', off2: 'Off', change: 'Change', import: 'Import', apply: 'Apply anew', applied: 'Applied anew', save: 'Save', name: 'Name', weekday: 'Weekday (1–7)', rank: 'Rank', why: 'Why', exportPlans: 'Plans as Excel', seeAll: 'All duties', yes: 'Yes', no: 'No',
  },
)
