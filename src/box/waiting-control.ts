/**
 * Which changes of the page wait for a second person, and how each kind is applied then. Every way in which a person at the page can weaken a lane goes
 * through here: a saved configuration (form, text, wizard, another lane), known vehicles, a backup, the first file of an operator.
 */
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { FileControl, ProvisionControl } from '../page/file-control.ts';
import type { WaitingControl } from '../page/waiting-control.ts';
import { operatorKey } from '../provision/operator-key.ts';
import { ProvisionSpool } from '../provision/spool.ts';
import { readSmallFile } from '../small-file.ts';
import { waitingText } from '../text/page/waiting.ts';
import { fileControl } from './backup-files.ts';
import { baseOf, type ConfigFiles, type ConfigTexts } from './config-files.ts';
import type { Host } from './host.ts';
import type { ConfigChanged } from './host-options.ts';
import type { ParseProcess } from './parse-process.ts';
import { provisionControl } from './provision-control.ts';
import { type ProvisioningParts, provenTrial } from './provisioning.ts';
import { WaitingChanges, type WaitingWork } from './waiting-change.ts';

export interface BoxWaiting extends WaitingControl {
  readonly files: FileControl;
  readonly provision: ProvisionControl;
  /** Whether a good configuration that a person saved has to wait. Throws Problem `conflict` while another change waits. */
  holdsSettings(change: ConfigChanged): Promise<boolean>;
  run(signal: AbortSignal): Promise<void>;
}

interface Parts {
  readonly options: {
    readonly configFile: string;
    readonly stateFolder: string;
    /** Of the machine. */
    readonly clock: Clock;
    readonly choreProgram?: URL;
    readonly provisionTrial?: ProvisioningParts['trial'];
    readonly waitsMs?: number;
    readonly page: object | undefined;
  };
  readonly host: Host;
  readonly files: ConfigFiles;
  readonly parse: ParseProcess;
}

export async function openWaiting({ options, host, files, parse }: Parts): Promise<BoxWaiting> {
  const { configFile, stateFolder, clock, choreProgram, provisionTrial, waitsMs } = options;
  const spool = new ProvisionSpool(stateFolder);
  const folder = join(stateFolder, 'page');
  const made = fileControl({ host, configFile, stateFolder, folder, ...(choreProgram && { choreProgram }) });
  const provision = provisionControl({ configFile, stateFolder }, { parse, spool, clock });

  const settings: WaitingWork = async ({ by, args, payload }, job) => {
    if (stateOf(await files.read()) !== args.base) throw new Problem('conflict', { detail: waitingText.overtaken });
    const texts = JSON.parse(String(await readSmallFile(payload))) as ConfigTexts;
    await provenTrial(texts, by, { host, clock, trial: provisionTrial }, job.signal);
  };
  const vehicles: WaitingWork = async ({ by, args, payload }) => {
    const list = await parse.run('vehicles', await readSmallFile(payload));
    const register = host.app?.register;
    if (register === undefined || list.faults.length > 0) throw new Problem('unavailable');
    await register.importVehicles(list, args.replace === '1', by);
  };
  const restore: WaitingWork = async ({ by, args, payload }, job) => {
    await made.restore(payload, args.language === 'en' ? 'en' : 'zh', args.passphrase, by)(job);
  };
  const file: WaitingWork = async ({ args, payload }, job) => {
    await (await provision.apply(String(await readSmallFile(payload)), args.trust))(job);
  };
  const changes = await WaitingChanges.open({
    ...{ host, stateFolder, clock, waitsMs, isOff: options.page !== undefined && 'demo' in options.page },
    work: () => ({ settings, vehicles, restore, provision: file }),
    report: async (report) => host.app?.store.looks.report(report),
  });
  /** Of what is not looked into before it is applied: it may weaken every lane. */
  const holdsWhole = () => {
    const lanes = changes.reporting();
    return lanes === undefined || lanes.length > 0 ? { lanes: lanes ?? [], changes: [] } : undefined;
  };
  return {
    files: made,
    provision,
    view: () => changes.view(),
    agree: (id, by) => changes.agree(id, by),
    withdraw: (id, by) => changes.withdraw(id, by),
    run: (signal) => changes.run(signal),
    holdsSettings: async ({ by, former, now }) => {
      const found = await parse.run('changes', former, now);
      const lanes = changes.reporting(found.lanes ?? []) ?? [];
      if (lanes.length === 0) {
        // It would make the one that waits void.
        if (changes.view()?.kind === 'settings') throw new Problem('conflict', { detail: waitingText.other });
        return false;
      }
      const shown = { lanes, changes: found.changes, ...(found.more !== undefined && { more: found.more }) };
      const held = { kind: 'settings', by, ...shown, args: { base: stateOf(await files.read()) } } as const;
      await changes.hold(held, Buffer.from(JSON.stringify(now)));
      return true;
    },
    holdsVehicles: async (csv, { count, replace }, by) => {
      const lanes = changes.reporting() ?? [];
      if (lanes.length === 0) return false;
      const before = String(host.app?.register.vehicles.count ?? 0);
      const rows = [{ path: 'vehicles', before, after: replace ? `= ${count}` : `+ ${count}` }];
      await changes.hold({ kind: 'vehicles', by, lanes, changes: rows, args: { replace: replace ? '1' : '0' } }, csv);
      return true;
    },
    holdsRestore: async (path, { language, passphrase }, by) => {
      const whole = holdsWhole();
      if (whole === undefined) return false;
      const args = { language, ...(passphrase !== undefined && { passphrase }) };
      await changes.hold({ kind: 'restore', by, ...whole, args }, path);
      return true;
    },
    holdsProvision: async (text, trust, by) => {
      const whole = holdsWhole();
      if (trust === undefined || whole === undefined) return false;
      if ((await operatorKey({ configFile, folder: spool.folder })) !== undefined) return false;
      // A file that is damaged is refused at once.
      await provision.look(text);
      await changes.hold({ kind: 'provision', by, ...whole, args: { trust } }, Buffer.from(text));
      return true;
    },
  };
}

/** What a change was made from, secrets and all. */
const stateOf = (texts: ConfigTexts | undefined): string => baseOf(`${texts?.yaml ?? ''}\0${texts?.secrets ?? ''}`);
