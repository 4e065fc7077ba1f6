/* A disk whose flushes fail: from the FSYNC_FAIL_FROM-th call on, FSYNC_FAIL_COUNT times, fsync and fdatasync return EIO. Preloaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_long calls;

static int fails(void) {
  const char *from = getenv("FSYNC_FAIL_FROM"), *count = getenv("FSYNC_FAIL_COUNT");
  long first = from ? atol(from) : 0, many = count ? atol(count) : 0, call = atomic_fetch_add(&calls, 1) + 1;
  return call >= first && call < first + many;
}

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  if (fails()) { errno = EIO; return -1; }
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  if (fails()) { errno = EIO; return -1; }
  return real(fd);
}
