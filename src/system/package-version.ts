/**
 * The two forms of a version. Programs, messages and people have SemVer (`1.0.0-rc.1`); packages, their files and folders have Debian's
 * (`1.0.0~rc.1`): dpkg takes `1.0.0-rc.1` for a revision of 1.0.0 and would refuse 1.0.0 as older.
 */
export function packageVersionOf(version: string): string {
  return version.replace('-', '~');
}

export function programVersionOf(packageVersion: string): string {
  return packageVersion.replace('~', '-');
}
