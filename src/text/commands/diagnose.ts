/** Findings of the diagnosis and what to do. Both languages; Chinese first. It words the checks' measurements. */
import type { Reach, Step } from '../../cloud/reachability.ts';
import type { Unproven } from '../../driver.ts';
import type { LineHealth } from '../../line/health.ts';
import type { TimeQuality } from '../../store/record-types.ts';
import type { BoxNetwork } from '../../system/box-network.ts';
import { faultWord, unprovenText } from '../fault.ts';
import { STALLED_TEXT } from '../store.ts';
import { joined, type Text } from '../text.ts';
import * as table from './diagnose.made.ts';
import { NAME_FAILED } from './diagnose.made.ts';

const both = (zh: string, en: string): Text => ({ zh, en });
const DAY_MS = 86_400_000;
const day = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);
const whole = (value: number): string => String(Math.round(value));

const CHECK_FAILED: Readonly<Record<Step, { readonly what: Text; readonly todo: Text }>> = table.CHECK_FAILED;

/** Nothing is a finding too. */
const listed = (all: readonly string[]): Text =>
  all.length === 0 ? both('没有', 'none') : both(all.join('、'), all.join(', '));

export const diagnoseText = {
  ...table.diagnoseText,
  networkFound: ({ addresses, gateways, nameServers }: BoxNetwork, proxy: string | undefined): Text => {
    const own = listed(addresses.map(({ on, cidr }) => `${cidr} (${on})`));
    const gateway = listed(gateways.map(({ on, address }) => `${address} (${on})`));
    const dns = listed(nameServers);
    return both(
      `地址 ${own.zh}；网关 ${gateway.zh}；DNS ${dns.zh}；代理 ${proxy ?? '没有'}`,
      `address ${own.en}; gateway ${gateway.en}; DNS ${dns.en}; proxy ${proxy ?? 'none'}`,
    );
  },
  platformFound: (status: number, tookMs: number): Text =>
    both(
      `连得上（只问通不通，应答 HTTP ${status}，用时 ${whole(tookMs)} ms）`,
      `reachable (asked for nothing; answered HTTP ${status} in ${whole(tookMs)} ms)`,
    ),
  failed: (step: Step, code: string): { readonly found: Text; readonly todo: Text } => {
    const { what, todo } = step === 'tls' && code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? NAME_FAILED : CHECK_FAILED[step];
    return { found: both(`${what.zh}（${code}）`, `${what.en} (${code})`), todo };
  },
  certificateFound: ({ subject, issuer, untilWallMs, chain, protocol }: NonNullable<Reach['certificate']>): Text =>
    both(
      `${subject}，由 ${issuer} 签发，有效到 ${day(untilWallMs)}，链上 ${chain} 张，${protocol}`,
      `${subject}, issued by ${issuer}, valid until ${day(untilWallMs)}, ${chain} in the chain, ${protocol}`,
    ),
  certificateEnds: (untilWallMs: number, nowWallMs: number): Text => {
    const days = Math.max(0, Math.floor((untilWallMs - nowWallMs) / DAY_MS));
    return both(`还有 ${days} 天到期，请提醒平台更换`, `it ends in ${days} days: remind the platform`);
  },
  clockFound: (quality: TimeQuality, offMs: number | undefined): Text => {
    const state: Readonly<Record<TimeQuality, Text>> = {
      synced: both('已校准', 'synchronised'),
      corrected: both('已校正', 'corrected'),
      manual: both('按手机校准', 'taken from a phone'),
      estimated: both('估计的', 'estimated'),
      unknown: both('未知', 'unknown'),
    };
    const off =
      offMs === undefined
        ? both('', '')
        : both(`，与平台相差 ${(offMs / 1000).toFixed(1)} 秒`, `, ${(offMs / 1000).toFixed(1)} s off the platform’s`);
    return both(`${state[quality].zh}${off.zh}`, `${state[quality].en}${off.en}`);
  },
  lineFound: ({ open, openings, wireShare, faults }: LineHealth): Text => {
    const list = Object.entries(faults).map(([code, count]) => ({ ...faultWord(code), count }));
    const more =
      list.length === 0
        ? both('无故障', 'no faults')
        : both(
            `启动以来：${list.map(({ zh, count }) => `${zh} ${count} 次`).join('、')}`,
            `since the start: ${list.map(({ en, count }) => `${en} ×${count}`).join(', ')}`,
          );
    return both(
      `${open ? '已打开' : '没有打开'}，占用 ${whole(wireShare * 100)} %，打开过 ${openings} 次，${more.zh}`,
      `${open ? 'open' : 'not open'}, ${whole(wireShare * 100)} % used, opened ${openings} times, ${more.en}`,
    );
  },
  deviceFound: (
    state: 'reading' | 'unknown',
    {
      roundMs,
      turnaroundMs,
      faults,
    }: { readonly roundMs?: number; readonly turnaroundMs?: number; readonly faults: number },
  ): Text => {
    const pace =
      roundMs === undefined
        ? both('', '')
        : both(
            `，每 ${whole(roundMs)} ms 一次，应答 ${whole(turnaroundMs ?? 0)} ms`,
            `, every ${whole(roundMs)} ms, thinks ${whole(turnaroundMs ?? 0)} ms`,
          );
    const count = faults === 0 ? both('', '') : both(`，故障 ${faults} 次`, `, ${faults} faults`);
    return state === 'reading'
      ? both(`有读数${pace.zh}${count.zh}`, `gives readings${pace.en}${count.en}`)
      : both(`没有读数${count.zh}`, `gives no readings${count.en}`);
  },
  unproven: (what: readonly Unproven[]): Text => joined(what.map((each) => unprovenText[each])),
  cameraFound: (bytes: number, tookMs: number, width?: number, height?: number): Text => {
    const size = width === undefined || height === undefined ? '' : ` ${width}×${height}`;
    return both(
      `照片${size} ${whole(bytes / 1000)} kB，用时 ${whole(tookMs)} ms`,
      `picture${size} ${whole(bytes / 1000)} kB in ${whole(tookMs)} ms`,
    );
  },
  diskFound: (freeBytes: number, medianMs: number, longestMs: number): Text =>
    both(
      `剩余 ${(freeBytes / 1e9).toFixed(1)} GB，写盘中位 ${medianMs.toFixed(1)} ms，最长 ${whole(longestMs)} ms`,
      `${(freeBytes / 1e9).toFixed(1)} GB free, a synced write takes ${medianMs.toFixed(1)} ms, ${whole(longestMs)} ms at most`,
    ),
  diskStalled: (why: keyof typeof STALLED_TEXT): Text =>
    both(`无法写入：${STALLED_TEXT[why].zh}`, `nothing can be written: ${STALLED_TEXT[why].en}`),
  intakeFound: (ways: readonly (string | Text)[]): Text => {
    const words = ways.map((way) => (typeof way === 'string' ? both(way, way) : way));
    const { zh, en } = joined(words, '、', ', ');
    return both(`已开：${zh}`, `on: ${en}`);
  },
  intakeRefused: (
    { from, holder, count }: { readonly from: string; readonly holder?: string; readonly count: number },
    why: Text,
  ): Text =>
    both(
      `拒收了 ${holder === undefined ? from : `${holder}（${from}）`} 送来的消息：${why.zh}，${count} 次`,
      `refused messages from ${holder === undefined ? from : `${holder} (${from})`}: ${why.en}, ${count} ${count === 1 ? 'time' : 'times'}`,
    ),
} as const;
