import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '随手报', photos: '拍照（最多 9 张）', text: '情况说明', textHint: '看到了什么？例如：路灯不亮、井盖缺失', address: '地址或位置说明（选填）', addressHint: '例如：东门菜市场对面',
    where: '位置', asking: '正在定位…', found: (m: number) => `已定位，误差约 ${m} 米`, byHand: '已手动标注位置', refused: '没有定位权限，请填写地址，或在手机设置中允许定位', unknown: '暂时无法定位，请填写地址', locate: '重新定位',
    map: '地图，可拖动标记', showMap: '在地图上看', hideMap: '收起地图', forOther: '代居民上报（选填）', name: '姓名', phone: '电话',
    send: '上报', saved: '已保存', savedOnline: '已保存，正在上传', savedOffline: '已保存在本机，网络恢复后自动上传', sentAs: (n: string) => `已上报，编号 ${n}`, need: '请写几句说明，或拍一张照片',
    onlyPhoto: '（见照片）', another: '再报一件', mend: '去修改', kept: '上次填写的内容已恢复', clear: '清空', category: '类别（可不选）', nearby: '附近正在处理，同一问题不必重报', same: '同一问题 +1', joinedAs: (n: string) => `已登记为同一问题，编号 ${n}，办理结果一并告知`, others: (n: number) => `另有 ${n} 人反映`,
    metres: (m: number) => `${m} 米`,
  },
  {
    title: 'Report', photos: 'Photos (9 at most)', text: 'What is it?', textHint: 'What did you see? A dark street lamp, a missing manhole cover…', address: 'Address or where it is (optional)', addressHint: 'Opposite the market’s east gate',
    where: 'Position', asking: 'Looking for your position…', found: (m: number) => `Position known to about ${m} m`, byHand: 'You put the pin', refused: 'Position is not allowed: write the address, or allow it in the settings', unknown: 'No position now: write the address', locate: 'Look again',
    map: 'Map with a pin to drag', showMap: 'Show the map', hideMap: 'Hide the map', forOther: 'On behalf of a resident (optional)', name: 'Name', phone: 'Phone',
    send: 'Report', saved: 'Saved', savedOnline: 'Saved, on its way', savedOffline: 'Saved on this phone; sent when the network is back', sentAs: (n: string) => `Reported as ${n}`, need: 'Write a few words or take a photo',
    onlyPhoto: '(see the photo)', another: 'Report another', mend: 'Mend it', kept: 'What you had typed is back', clear: 'Clear', category: 'Category (may be left open)', nearby: 'Being seen to nearby: the same need not be reported again', same: 'The same +1', joinedAs: (n: string) => `Noted as the same, number ${n}; you are told the result`, others: (n: number) => (n === 1 ? '1 other said so' : `${n} others said so`),
    metres: (m: number) => `${m} m`,
  },
)
