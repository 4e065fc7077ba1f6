/** One word for one thing in all that a person reads: who searches for the word of the trade finds everything, and nobody asks whether two names are two things. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { expectNone, root, sources, under } from './sources.ts';

/** Thing, its word, and the words that are not used for it; in Chinese as the trade speaks it. */
const CHINESE: readonly (readonly [word: string, not: RegExp])[] = [
  ['缴费（司机付的钱）', /付费|交费|支付|付款/],
  ['放行凭证（不是授权）', /授权|(?<![未已])缴费放行/],
  ['名单车辆（检出的表已发布，仍写旧称）', /(?<!在)已知车辆/],
  ['收费员', /值班员/],
  ['模板（设备、平台、收费系统的）', /档案/],
  ['报文样例', /实录/],
  ['运行监测记录', /看守记录/],
  ['开闸继电器', /系统继电器|抬杆继电器|放行继电器/],
  ['摄像机', /相机|摄像头/],
  ['本机', /盒子/],
  ['平台', /云平台|云端/],
  ['闸杆', /道杆|栏杆|挡杆/],
  ['抬杆', /起杆|升杆|开杆/],
  ['地感（不是线圈；Modbus 的线圈和维修时更换的线圈除外）', /(?<!读|写|写多个|地感|哪个|')线圈/],
  ['车牌', /牌照|车牌号/],
  ['跟车', /尾随/],
  ['复核（记录由人看过）', /核查|审核/],
  ['车场', /停车场/],
  ['更新（程序）', /升级/],
  ['岗亭', /收费亭|收费岗/],
];

/** As a native writes it. */
const ENGLISH: readonly (readonly [word: string, not: RegExp])[] = [
  ['set-up code', /\bsetup code\b/i],
  ['platform', /\bcloud platform\b|\bthe cloud\b/i],
  ['arm (of the barrier)', /\bboom\b|\bbarrier arm\b/i],
  ['camera', /\bwebcam\b/i],
  ['plate', /\blicen[cs]e plate\b|\bnumber plate\b/i],
  ['tailgater', /\bfollowers?\b/i],
  ['car park', /\bparking lot\b/i],
  ['Nothing queued', /\bnothing waits\b/i],
  ['Reason', /\bwhy the box says so\b/i],
  ['Fix it', /\bput it right\b/i],
  ['No payment in the last 70 s', /\bno grant in\b/i],
  ['Uploads paused', /\bsomebody has paused\b/i],
];

/** Literals of a file without what is computed in them. */
const literals = (text: string): readonly string[] =>
  [...text.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)].map(([literal]) => literal.replace(/\$\{[^{}]*\}/g, ''));

describe('a text that a person reads', () => {
  it('has one word for one thing, in Chinese and in English', () => {
    const found = sources
      .filter(({ path }) => under(path, 'src/text/'))
      .flatMap(({ path: file }) =>
        literals(readFileSync(join(root, file), 'utf8')).flatMap((literal) =>
          (/\p{Script=Han}/u.test(literal) ? CHINESE : ENGLISH)
            .filter(([, not]) => not.test(literal))
            .map(([word]) => `${file}: ${literal.slice(0, 80)} — ${word}`),
        ),
      );
    expectNone(found, 'two words are taken for two things; the list is in this test');
  });
});
