/** Whether content is a picture that the services take (shared/files/image.py), by how it begins: names say anything. Pure. */
const HEIF = new Set(['heic', 'heix', 'hevc', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1'])
/** So many bytes show it. */
export const HEAD = 12

export function isPicture(head: Uint8Array): boolean {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
  return (
    text(0, 3) === '\xff\xd8\xff' ||
    text(0, 8) === '\x89PNG\r\n\x1a\n' ||
    (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') ||
    (text(4, 8) === 'ftyp' && HEIF.has(text(8, 12)))
  )
}
