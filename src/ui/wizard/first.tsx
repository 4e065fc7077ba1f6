/** A box without a configuration, on three screens: the park, what is connected, the lane. Nothing is written before the last. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ConfigView } from '../../page/api/api-setup.ts';
import type { CommissioningChoices } from '../../page/api/api-wizard.ts';
import { pageTitle } from '../../text/page/ui-shell.ts';
import { type FirstScreen, firstScreen, wizardText } from '../../text/page/ui-wizard.ts';
import { useEvery, useLoad } from '../fetch.ts';
import { HelpLink } from '../help.tsx';
import { say } from '../language.ts';
import { Badge, Card, Loading, Note } from '../parts.tsx';
import { go, type PageRoute, place } from '../route.ts';
import { useApply } from './apply.tsx';
import { BusStep, isPort, isSerial, type Picked, profileKind, profileLabel } from './bus.tsx';
import { takePictureOf } from './camera.tsx';
import { CameraFields, useVariant } from './camera-form.tsx';
import {
  FIRST_CAMERA,
  type FirstForm,
  firstChanges,
  firstSecrets,
  forgetTyped,
  keepTyped,
  NEW_FORM,
  typedBefore,
} from './first-form.ts';
import { LaneFields } from './first-lane.tsx';
import { isPark, ParkFields } from './first-park.tsx';
import { PhoneClock } from './phone-clock.tsx';
import { Ports } from './ports.tsx';
import { SettingsForm } from './settings.tsx';
import { StepLine } from './step.tsx';

interface FirstProps {
  readonly route: PageRoute;
  readonly choices: CommissioningChoices;
  readonly onRefresh: () => void;
}

const SCREENS = Object.keys(firstScreen) as FirstScreen[];
const at = (screen: FirstScreen): string => place(`wizard/${screen}`);

export function First({ route, choices, onRefresh }: FirstProps) {
  const [form, setKeptForm] = useState<FirstForm>(() => ({
    ...NEW_FORM,
    port: choices.ports[0]?.port ?? '',
    ...typedBefore(),
  }));
  const setForm = (next: FirstForm): void => {
    setKeptForm(next);
    keepTyped(next);
  };
  const [tried, setTried] = useState(false);
  const variant = useVariant();
  const apply = useApply(() => {
    forgetTyped();
    onRefresh();
  });
  const file = useLoad<ConfigView>('config');
  // The file has lanes that are not in force: it starts, or it has faults, and nothing of it may be lost.
  const hasLanes = /^lanes:/m.test(file.value?.yaml ?? '');
  const isStarting = hasLanes && file.value?.faults.length === 0;
  useEvery(isStarting ? 2_000 : undefined, onRefresh);
  // After a reload the secret is not known: it is asked for again.
  const screen = isPark(form) ? (SCREENS.find((each) => each === route.path[1]) ?? 'park') : 'park';
  useEffect(() => scrollTo(0, 0), [screen]);
  const save = (): Promise<void> => {
    if (form.camera.url) takePictureOf(FIRST_CAMERA);
    const kind = profileKind(choices, form.device.profile);
    return apply.run(firstChanges(form, kind, variant(form.camera)), firstSecrets(form));
  };
  if (isStarting) return <Loading />;
  if (hasLanes)
    return (
      <Note level="error">
        {say(wizardText.broken)} <a href={place('config')}>{say(pageTitle.config)}</a>
      </Note>
    );
  return (
    <>
      <StepLine
        steps={firstScreen}
        at={screen}
        to={at}
        isDone={(each) => SCREENS.indexOf(each) < SCREENS.indexOf(screen) && isPark(form)}
      />
      {screen === 'park' && (
        <>
          <Note level="warn">
            <strong>{say(wizardText.first)}</strong>
            <p>{say(wizardText.firstHint)}</p>
            <p>
              <a href={place('backup')}>{say(wizardText.firstRestore)}</a>
            </p>
          </Note>
          <PhoneClock />
          <Card title={say(firstScreen.park)}>
            <SettingsForm
              send={wizardText.toConnected}
              onSend={() => (isPark(form) ? go(at('connected')) : setTried(true))}
            >
              <ParkFields form={form} tried={tried} onForm={setForm} />
            </SettingsForm>
          </Card>
        </>
      )}
      {screen === 'park' && <HelpLink name="first" />}
      {screen === 'connected' && <Connected {...{ form, choices, onRefresh }} onForm={setForm} />}
      {screen === 'lane' && (
        <Card title={say(firstScreen.lane)}>
          <SettingsForm send={wizardText.write} action={apply} off={!isPort(form.port)} onSend={save}>
            <LaneFields form={form} choices={choices} onForm={setForm} />
          </SettingsForm>
        </Card>
      )}
    </>
  );
}

interface ConnectedProps {
  readonly form: FirstForm;
  readonly choices: CommissioningChoices;
  readonly onForm: (form: FirstForm) => void;
  readonly onRefresh: () => void;
}

/** Ports, boards, the camera. */
function Connected({ form, choices, onForm, onRefresh }: ConnectedProps) {
  const camera = useRef<HTMLDivElement>(null);
  const { device, port } = form;
  const known = choices.profiles.find(({ name }) => name === device.profile);
  // On to what only a person knows. Within the tap, so that a phone shows its keyboard.
  const take = (picked: Picked): void => {
    onForm({ ...form, device: picked });
    camera.current?.querySelector('input')?.focus();
  };
  return (
    <>
      <Ports
        ports={choices.ports}
        port={port}
        onPort={(next) => onForm({ ...form, port: next })}
        onRefresh={onRefresh}
      />
      <BusStep choices={choices} port={port} onPick={take} />
      {device.profile !== '' && (
        <Note level="ok">
          {say(wizardText.taken(known === undefined ? device.profile : profileLabel(known)))}{' '}
          <Badge tone="ok">{say(wizardText.found(device.unit, isSerial(port) ? device : undefined))}</Badge>
        </Note>
      )}
      <Card title={say(wizardText.camera)}>
        <p class="quiet">{say(wizardText.firstCameraHint)}</p>
        <div ref={camera}>
          <SettingsForm send={wizardText.toLane} off={!isPort(port)} onSend={() => go(at('lane'))}>
            <CameraFields entry={form.camera} optional onEntry={(entry) => onForm({ ...form, camera: entry })} />
          </SettingsForm>
        </div>
      </Card>
    </>
  );
}
