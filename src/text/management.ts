/** Texts about management systems that are known by a profile: faults of their configuration, and log lines. Both languages; Chinese first. */
import type { FaultText } from './config.ts';
import type { Text } from './text.ts';

export const systemFaultText = {
  name: (name: string): FaultText => ({
    message: { zh: `名字“${name}”已经用了`, en: `the name "${name}" is taken` },
    hint: {
      zh: '系统、令牌和 mqtt 不能同名：一条缴费是谁发来的，靠它区分',
      en: 'systems, tokens and mqtt have different names: they tell who sent a payment',
    },
  }),
  badAddress: (): FaultText => ({
    message: { zh: '这不是 IP 地址或网段', en: 'this is neither an IP address nor a network' },
    hint: { zh: '写成 192.168.1.20 或 192.168.1.0/24', en: 'write 192.168.1.20 or 192.168.1.0/24' },
  }),
  needs: {
    from: (): FaultText => ({
      message: {
        zh: '这个系统不签名也不带密钥，谁都能冒充它',
        en: 'this system neither signs nor sends a secret: anyone could pretend to be it',
      },
      hint: { zh: '写上它的地址：from: [192.168.1.20]', en: 'write its address: from: [192.168.1.20]' },
    }),
    url: (): FaultText => ({
      message: { zh: '没有写去哪里查', en: 'where to ask is missing' },
      hint: { zh: '加上 url: http://192.168.1.20:8080', en: 'add url: http://192.168.1.20:8080' },
    }),
    file: (): FaultText => ({
      message: { zh: '没有写读哪个文件', en: 'the file to read is missing' },
      hint: { zh: '加上 file: /mnt/booth/pay.csv', en: 'add file: /mnt/booth/pay.csv' },
    }),
    database: (): FaultText => ({
      message: { zh: '没有写读哪个数据库', en: 'the database to read is missing' },
      hint: {
        zh: '加上 database: { kind: mysql, host: …, name: …, user: …, password: { secret: … } }；SQLite 写 file',
        en: 'add database: { kind: mysql, host: …, name: …, user: …, password: { secret: … } }, or file for SQLite',
      },
    }),
  },
  unused: (key: string): FaultText => ({
    message: { zh: `这个档案用不着 ${key}`, en: `this profile has no use for ${key}` },
    hint: { zh: '删掉它，或换一个档案', en: 'remove it, or choose another profile' },
  }),
  caWithoutTls: (): FaultText => ({
    message: { zh: '写了 ca，但没有加密', en: 'there is a ca, and the connection is not encrypted' },
    hint: { zh: '加上 tls: true，或删掉 ca', en: 'add tls: true, or remove ca' },
  }),
  noPort: (): FaultText => ({
    message: { zh: '这个系统要推送到本机，但接口没有打开', en: 'this system pushes to the box, and no port is open' },
    hint: {
      zh: '写 intake.http.enabled: true 或 intake.https.enabled: true',
      en: 'write intake.http.enabled: true or intake.https.enabled: true',
    },
  }),
};

export const systemText = {
  unproven: {
    zh: '它的收费系统档案是现场自己写的：用实录核对（lanewarden profile lint），再核对第一笔缴费',
    en: 'its intake profile was written for this site: check it against a transcript (lanewarden profile lint), and the first payment by hand',
  },
  noneToRehearse: (name: string, names: readonly string[]): Text => ({
    zh: `配置里没有去读的收费系统“${name}”；有：${names.join('、') || '无'}`,
    en: `the configuration reads no management system "${name}"; it reads ${names.join(', ') || 'none'}`,
  }),
  noRow: (name: string): Text => ({
    zh: `${name}：连上了，还没有一行`,
    en: `${name}: connected, and there is no row yet`,
  }),
  unread: (name: string, why: Text): Text => ({
    zh: `读不到 ${name}：${why.zh}`,
    en: `cannot read ${name}: ${why.en}`,
  }),
  encryption: {
    certificate: (detail: string): Text => ({
      zh: `数据库服务器的证书不可信（${detail}）；核对 database.ca、database.host 和本机时间，什么也没有读`,
      en: `the certificate of the database server is not trusted (${detail}); check database.ca, database.host and the clock of this box; nothing was read`,
    }),
    notEncrypted: (): Text => ({
      zh: '数据库服务器不提供加密，没有登录；在服务器上打开 TLS，或去掉 database.tls',
      en: 'the database server offers no encryption, and there was no login; switch on TLS at the server, or remove database.tls',
    }),
  },
  left: {
    notPaid: { zh: '按 only 不算缴费', en: 'no payment, by only' },
    otherLane: { zh: '别的车道的', en: 'of another lane' },
  },
  rehearsed: { zh: '读了一行，没有计入', en: 'one row read, nothing counted' },
  row: (name: string, profile: string, how: string): Text => ({
    zh: `收费系统 ${name}：档案 ${profile}，${how}`,
    en: `management system ${name}: profile ${profile}, ${how}`,
  }),
};

export const pullLog = {
  fault: (name: string, why: Text): Text => ({
    zh: `读不到收费系统 ${name}：${why.zh}；恢复前没有缴费的车都不算未缴费`,
    en: `cannot read the management system ${name}: ${why.en}; until then no car counts as unpaid`,
  }),
  again: (name: string): Text => ({
    zh: `又读到收费系统 ${name} 了`,
    en: `the management system ${name} can be read again`,
  }),
};
