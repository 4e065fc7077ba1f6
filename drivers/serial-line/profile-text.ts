/** What is said of a profile whose fields contradict each other. It stands here because a driver may import nothing of src/text. */
interface Complaint {
  readonly message: { readonly zh: string; readonly en: string };
  readonly hint: { readonly zh: string; readonly en: string };
}

export const serialProfileText = {
  oneOf: (): Complaint => ({
    message: { zh: '每条报文要写 text 或 hex 之一', en: 'a message is given as text or as hex, one of them' },
    hint: { zh: '文字协议写 text，二进制协议写 hex', en: 'text for devices that speak text, hex for bytes' },
  }),
  beyondDigits: (): Complaint => ({
    message: { zh: 'digitPoints 超出 digits 的位数', en: 'digitPoints reach beyond digits' },
    hint: { zh: '位置从 0 开始', en: 'they count from 0' },
  }),
  beyondMessage: (): Complaint => ({
    message: { zh: 'bitPoints 超出报文长度', en: 'bitPoints reach beyond the message' },
    hint: {
      zh: 'at 从 start 之后的第一个字节（0）数起；报文后面还有内容时写 more: true',
      en: 'at counts from the first byte after start, 0; write more: true when more follows',
    },
  }),
  tooLong: (): Complaint => ({
    message: { zh: 'maxBytes 小于一帧的长度', en: 'maxBytes is less than one frame' },
    hint: { zh: '加大 maxBytes', en: 'raise maxBytes' },
  }),
  lengthInStart: (): Complaint => ({
    message: { zh: '长度字节落在 start 里面', en: 'the byte of the length lies within start' },
    hint: { zh: 'at 从帧的第一个字节（0）数起', en: 'at counts from the first byte of the frame, 0' },
  }),
  pointTwice: (point: string): Complaint => ({
    message: { zh: `点 ${point} 既是电平又是脉冲`, en: `the point ${point} is both a level and pulses` },
    hint: { zh: '给其中一个换个名字', en: 'give one of them another name' },
  }),
};
