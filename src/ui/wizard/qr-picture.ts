/**
 * Reads a QR code from a picture of the phone, within the page: nothing of it leaves. The browser's own reader where it has one, else jsQR, in a chunk of
 * its own.
 */

interface Reader {
  detect(image: HTMLCanvasElement): Promise<readonly { readonly rawValue: string }[]>;
}
type ReaderClass = new (options: { readonly formats: readonly string[] }) => Reader;
declare const BarcodeDetector: ReaderClass | undefined;

type Decode = (pixels: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;

/** Longest side, in pixels: a photo of a small code needs many, a blurred or noisy one few. */
const SIDES = [1_000, 1_800, 500];

/** undefined: no code is found. Rejects when the file is no picture. */
export async function qrText(file: Blob): Promise<string | undefined> {
  const image = await loaded(file);
  for (const side of SIDES) {
    const canvas = drawn(image, side);
    const text = (await byBrowser(canvas)) ?? (await byLibrary(canvas));
    if (text !== undefined && text !== '') return text;
  }
  return undefined;
}

function loaded(file: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const address = URL.createObjectURL(file);
    image.onload = () => {
      URL.revokeObjectURL(address);
      resolve(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(address);
      reject(new TypeError('no picture'));
    };
    image.src = address;
  });
}

function drawn(image: HTMLImageElement, side: number): HTMLCanvasElement {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, side / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function byBrowser(canvas: HTMLCanvasElement): Promise<string | undefined> {
  if (typeof BarcodeDetector === 'undefined') return undefined;
  try {
    const [found] = await new BarcodeDetector({ formats: ['qr_code'] }).detect(canvas);
    return found?.rawValue;
  } catch {
    // There, and yet it does not work: as on a phone without the service behind it.
    return undefined;
  }
}

async function byLibrary(canvas: HTMLCanvasElement): Promise<string | undefined> {
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
  if (pixels === undefined) return undefined;
  // A module of the old kind: what it exports is its default, once or twice over.
  const module = (await import('jsqr')).default as unknown as { readonly default?: Decode };
  const read = module.default ?? (module as unknown as Decode);
  return read(pixels, width, height)?.data;
}
