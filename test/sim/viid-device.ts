/**
 * A device of GA/T 1400 as it speaks to its view library: it registers with a digest login, sends its number with all it says, and
 * registers again when it is told 401. After GA/T 1400.4 and RFC 2617; it must not know the program's receiver.
 */
import { createHash } from 'node:crypto';
import { type CameraRead, viidVehicles } from '../../src/sim/devices/camera-push.ts';

export interface ViidDevice {
  /** @returns the status of the registration that counted */
  register(): Promise<number>;
  /** @returns the status of the push that counted */
  push(read: CameraRead): Promise<number>;
}

export function createViidDevice(
  library: string,
  { deviceId, user, password }: { readonly deviceId: string; readonly user: string; readonly password: string },
): ViidDevice {
  const send = (path: string, content: object, authorization?: string): Promise<Response> =>
    fetch(library + path, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/VIID+JSON;charset=UTF-8', 'user-identify': deviceId },
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify(content),
    });

  async function register(): Promise<number> {
    const path = '/VIID/System/Register';
    const content = { RegisterObject: { DeviceID: deviceId } };
    const first = await send(path, content);
    const challenge = first.headers.get('www-authenticate') ?? '';
    if (first.status !== 401) return first.status;
    const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
    const [realm, nonce] = [field('realm'), field('nonce')];
    const [secret, request] = [md5(`${user}:${realm}:${password}`), md5(`POST:${path}`)];
    const response = md5([secret, nonce, '00000001', '0a4f113b', 'auth', request].join(':'));
    const named = { username: user, realm, nonce, uri: path, cnonce: '0a4f113b', response };
    const fields = Object.entries(named).map(([name, value]) => `${name}="${value}"`);
    return (await send(path, content, `Digest ${fields.join(', ')}, qop=auth, nc=00000001`)).status;
  }

  return {
    register,
    async push(read) {
      const content = viidVehicles(read, deviceId);
      const { status } = await send('/VIID/MotorVehicles', content);
      if (status !== 401 || (await register()) !== 200) return status;
      return (await send('/VIID/MotorVehicles', content)).status;
    },
  };
}

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');
