import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '检查', find: '名称、拼音首字母、地址、档案号', due: '到期要查', duePlaces: '自查、巡查到期的场所', none: '这里列出您管辖范围内的场所，没有符合的。请换个词查找，或请街道先建档。',
    area: '街面检查（没有场所）', kept: '未完成的检查', age: (when: string) => `场所更新于 ${when}`, far: (m: number) => (m < 1000 ? `${m} 米` : `${(m / 1000).toFixed(1)} 公里`), locate: '定位', more: (n: number) => `还有 ${n} 个，请输入名称查找`,
    gone: '本机没有这个场所的资料。请联网打开场所列表后再试。', kind: '检查类型', list: '检查表', night: '夜间检查', source: '依据', questions: (n: number) => `${n} 题`, begin: '开始检查', patrol: '只算巡查，不算定期检查', noLists: '本机还没有检查表。请联网打开一次。',
    at: (n: number, all: number) => `第 ${n} 题，共 ${all} 题`, back: '上一题', next: '下一题', finish: '填写签名', na: '不涉及', note: '说明（选填）', noted: '填写情况',
    what: '存在的问题', need: '请写明问题', photos: '问题照片', how: '整改方式', spot: '当场整改', later: '限期整改', by: '整改期限', needBy: '请选择整改期限', past: '整改期限不能早于今天', major: '重大火灾隐患', edition: '判定标准版本', element: '判定要素', needCriteria: '请写明判定标准版本和要素', item: '属于哪一项',
    addFinding: '添加其他问题', removeFinding: '删除这个问题', other: (n: number) => `其他问题 ${n}`, results: '七项结果', ok: '合格', failed: '不合格', not_applicable: '不涉及', place: '现场照片', companions: '参加人员（选填）', person: '被检查方在场人', remark: '备注（选填）',
    mine: '检查人签名', theirs: '被检查方签名', refused: '对方未签名的原因', sign: '请在框内签名', clear: '重签', signed: '已签名', needMine: '请检查人签名', needTheirs: '请被检查方签名，或写明未签名的原因', unanswered: (n: number) => `还有 ${n} 题未答`, go: '去作答', unfinished: '有问题没有写完整', send: '提交检查',
    sent: (number: string) => `已提交，编号 ${number}`, online: '已保存，正在上传', offline: '已保存在本机，网络恢复后自动上传', another: '检查下一家', mend: '去修改', toPlace: '返回本场所', drop: '放弃这次检查', sure: '再按一次，放弃已填写的内容', inspection: (place: string) => `检查 ${place}`,
  },
  {
    title: 'Inspect', find: 'Name, pinyin initials, address, number', due: 'Due', duePlaces: 'Premises whose own check is due', none: 'Here are the premises of your area; none fits. Try another word, or ask the street to enter it.',
    area: 'In the street (no premises)', kept: 'Not finished', age: (when: string) => `Premises as of ${when}`, far: (m: number) => (m < 1000 ? `${m} m` : `${(m / 1000).toFixed(1)} km`), locate: 'Locate', more: (n: number) => `${n} more: type a name`,
    gone: 'This phone does not have these premises. Open the list with a network and try again.', kind: 'Kind', list: 'Checklist', night: 'At night', source: 'Source', questions: (n: number) => `${n} questions`, begin: 'Begin', patrol: 'counts as a patrol only', noLists: 'No checklists are kept yet. Open this once with a network.',
    at: (n: number, all: number) => `Question ${n} of ${all}`, back: 'Back', next: 'Next', finish: 'To the signatures', na: 'Does not apply', note: 'Remark (optional)', noted: 'What you saw',
    what: 'What is wrong', need: 'Say what is wrong', photos: 'Photos of it', how: 'How it is put right', spot: 'Put right on the spot', later: 'Until a deadline', by: 'Put right by', needBy: 'Choose a deadline', past: 'The deadline is past', major: 'Major hazard', edition: 'Edition of the criteria', element: 'Element', needCriteria: 'Name edition and element of the criteria', item: 'Which item',
    addFinding: 'Add something else', removeFinding: 'Remove this', other: (n: number) => `Something else, ${n}`, results: 'Seven items', ok: 'OK', failed: 'Failed', not_applicable: 'Does not apply', place: 'Photos of the place', companions: 'Who else took part (optional)', person: 'Who was there for the place', remark: 'Remark (optional)',
    mine: 'Your signature', theirs: 'Signature of the place', refused: 'Why they did not sign', sign: 'Sign inside the frame', clear: 'Sign again', signed: 'Signed', needMine: 'Sign it', needTheirs: 'The place signs, or say why not', unanswered: (n: number) => (n === 1 ? '1 question is open' : `${n} questions are open`), go: 'Answer', unfinished: 'A finding is not complete', send: 'Send',
    sent: (number: string) => `Sent as ${number}`, online: 'Kept, being sent', offline: 'Kept on this phone; sent when the network is back', another: 'Inspect the next', mend: 'Mend it', toPlace: 'Back to my premises', drop: 'Give this inspection up', sure: 'Press again: what you wrote is lost', inspection: (place: string) => `Inspection of ${place}`,
  },
)
