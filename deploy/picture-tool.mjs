// The program that makes a picture smaller, for one architecture (deploy/picture/shrink-picture.c): a box must not need a package for that. The library
// in it is libjpeg-turbo, compiled from its own source, which the npm package named here carries; its hash is checked.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolPrefix } from './own-node.mjs';

const VERSION = '2.1.3';
const CARRIER = '@julusian/jpeg-turbo@2.1.0';
const INTEGRITY = 'tmMnOTuiXr3W+lPOlyrG/efBxVvp/tbJe6iVsY2qKl5TLHytCkWabsnq4PHS6ddCYJeiGWQBvRwQpKlFd3I2gg==';
const SOURCE = fileURLToPath(new URL('./picture/shrink-picture.c', import.meta.url));
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** As Debian hardens its programs. What cameras send is decoded by it. */
const FLAGS = [
  ...['-O2', '-fPIE', '-fstack-protector-strong', '-D_FORTIFY_SOURCE=2', '-w', '-I.'],
  ...['-pie', '-Wl,-z,relro,-z,now', '-s'],
];
/** What the library's own configure step writes: no arithmetic coding, no assembly, one thread. */
const HEADERS = {
  'jconfig.h': `#define JPEG_LIB_VERSION 62
#define LIBJPEG_TURBO_VERSION ${VERSION}
#define LIBJPEG_TURBO_VERSION_NUMBER 2001003
#define MEM_SRCDST_SUPPORTED 1
#define BITS_IN_JSAMPLE 8
#define HAVE_STDDEF_H 1
#define HAVE_STDLIB_H 1
#define HAVE_UNSIGNED_CHAR 1
#define HAVE_UNSIGNED_SHORT 1
`,
  'jconfigint.h': `#define BUILD "lanewarden"
#define INLINE inline __attribute__((always_inline))
#define THREAD_LOCAL
#define PACKAGE_NAME "libjpeg-turbo"
#define VERSION "${VERSION}"
#define SIZEOF_SIZE_T 8
#define HAVE_BUILTIN_CTZL 1
#define FALLTHROUGH __attribute__((fallthrough));
`,
};
/** Of the library: compressor, decompressor and memory, no programs, no transformations, no arithmetic coding. */
const TAKEN = /^j(c|d|f|i|e|m|q|u|simd_none)[a-z0-9_]*\.c$/;
const NOT_TAKEN = /^j(.*arith|.*ext|.*565|.*-tj|cstest|pegtran|ctrans|dtrans|dmrgext)\.c$/;

/** The file. Kept below dist-deb/addons by version and source, because compiling takes some seconds. */
export function pictureTool(arch) {
  const source = readFileSync(SOURCE);
  const name = createHash('sha256').update(source).update(FLAGS.join(' ')).digest('hex').slice(0, 12);
  const kept = join(ROOT, `dist-deb/addons/shrink-picture-${VERSION}-${name}/${arch}/shrink-picture`);
  if (existsSync(kept)) return kept;
  // Two that compile at once (tests do) must not meet.
  const work = resolve(ROOT, `dist-deb/build/shrink-picture-${process.pid}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  run('npm', ['pack', CARRIER, '--prefer-offline', '--silent', '--pack-destination', work], work);
  const archive = join(work, readdirSync(work)[0]);
  if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== INTEGRITY)
    throw new Error(`${CARRIER} is not the file whose hash stands in deploy/picture-tool.mjs`);
  run('tar', ['-xzf', archive, 'package/deps/libjpeg-turbo'], work);
  const library = join(work, 'package/deps/libjpeg-turbo');
  writeFileSync(join(library, 'shrink-picture.c'), source);
  for (const [file, text] of Object.entries(HEADERS)) writeFileSync(join(library, file), text);
  writeFileSync(
    join(library, 'jversion.h'),
    readFileSync(join(library, 'jversion.h.in'), 'utf8').replace('@COPYRIGHT_YEAR@', '1991-2022'),
  );
  const sources = readdirSync(library).filter((file) => TAKEN.test(file) && !NOT_TAKEN.test(file));
  run(`${toolPrefix(arch)}gcc`, [...FLAGS, '-o', 'shrink-picture', 'shrink-picture.c', ...sources], library);
  mkdirSync(dirname(kept), { recursive: true });
  renameSync(join(library, 'shrink-picture'), kept);
  rmSync(work, { recursive: true });
  return kept;
}

/** In the list of what is inside. */
export const JPEG_COMPONENT = {
  type: 'library',
  name: 'libjpeg-turbo',
  version: VERSION,
  licenses: [{ license: { id: 'IJG' } }, { license: { id: 'BSD-3-Clause' } }],
};

function run(command, words, cwd) {
  execFileSync(command, words, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
}
