/** Findings of the diagnosis and what to do. Both languages; Chinese first. It words the checks' measurements. */
import type { Step } from '../delivery/http/reachability.ts';
import type { Unproven } from '../driver.ts';
import type { LineHealth } from '../line/health.ts';
import type { BoxNetwork } from '../system/box-network.ts';
import * as table from '../text/commands/diagnose.made.ts';
import { CHECK_FAILED } from '../text/commands/diagnose.made.ts';
import { faultWord, unprovenText } from '../text/fault.ts';
import { clockQuality } from '../text/page/ui-parts.made.ts';
import { joined, type Text } from '../text/text.ts';

export const diagnoseText = {
  ...table.diagnoseText,
  networkFound: ({ addresses, gateways, nameServers }: BoxNetwork, proxy: string | undefined): Text =>
    table.diagnoseText.networkFound(
      addresses.map(({ on, cidr }) => `${cidr} (${on})`),
      gateways.map(({ on, address }) => `${address} (${on})`),
      nameServers,
      proxy,
    ),
  clockFound: (quality: keyof typeof clockQuality, offS?: string): Text =>
    table.diagnoseText.clockFound(clockQuality[quality], offS),
  unproven: (what: readonly Unproven[]): Text => joined(what.map((each) => unprovenText[each])),
  failed: (step: Step, code: string): { readonly found: Text; readonly todo: Text } =>
    CHECK_FAILED[step === 'tls' && code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? 'tlsName' : step](code),
  lineFound: ({ open, openings, wireShare, faults }: LineHealth): Text =>
    table.diagnoseText.lineFound(
      open,
      wireShare * 100,
      openings,
      Object.entries(faults).map(([code, count]) => table.diagnoseText.fault(faultWord(code), count)),
    ),
} as const;
