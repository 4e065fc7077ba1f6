/** `lanewarden label`: how to find and open the page of this box, for a console, a terminal or paper. */
import { dirname, join } from 'node:path';
import { pageWhere } from '../../box/page-where.ts';
import { stateFolder } from '../../box/state-folder.ts';
import { systemClock } from '../../clock.ts';
import { configFile, configTextIfReadable, readConfigText } from '../../config/file.ts';
import { STATE_FOLDER } from '../../config/state-folder.ts';
import { SETUP_CODE_FILE } from '../../page/access/accounts.ts';
import { ownNetwork } from '../../page/access/box-name.ts';
import { certificateFingerprint } from '../../page/access/certificate.ts';
import { labelLines, pageUrls } from '../../page/access/label.ts';
import { readText } from '../../small-file.ts';
import { labelText, passwordText } from '../../text/page/password.made.ts';
import { UsageError } from '../arguments.ts';
import { CONFIG_OPTION, type Command, EXIT, ExitError } from '../command.ts';
import { print } from '../output.ts';

const WAIT_MOST_S = 120;
const LOOK_AGAIN_MS = 500;

export const labelCommand: Command = {
  name: 'label',
  summary: labelText.summary,
  options: {
    ...CONFIG_OPTION,
    wait: { type: 'string', value: 'SECONDS', default: '0', help: labelText.wait },
  },
  run: async (values, _positionals, context) => {
    const { environment, signal } = context;
    const wait = Number(values.wait);
    if (!(wait >= 0 && wait <= WAIT_MOST_S)) throw new UsageError('option', labelText.badWait);
    const file = configFile(values.config as string | undefined, environment);
    // A file that was named has to be there; before there is any, the folder is the usual one.
    const text = values.config === undefined ? configTextIfReadable(file) : readConfigText(file);
    const folder = join(stateFolder(file, text) ?? STATE_FOLDER, 'page');
    const clock = systemClock();
    const untilMs = clock.nowMs() + 1_000 * wait;
    let fingerprint = await certificateFingerprint(folder);
    while (fingerprint === undefined && clock.nowMs() < untilMs && !signal.aborted) {
      await clock.sleep(LOOK_AGAIN_MS, signal);
      fingerprint = await certificateFingerprint(folder);
    }
    if (fingerprint === undefined) throw new ExitError(EXIT.noInput, passwordText.noFolder(folder));
    const { listen, secure } = pageWhere(text ?? '');
    const setupCode = (await readText(join(folder, SETUP_CODE_FILE)))?.trim();
    const label = { urls: pageUrls(listen, secure), setupCode, fingerprint, network: ownNetwork(dirname(folder)) };
    print(context, ...labelLines(label, context.language));
  },
};
