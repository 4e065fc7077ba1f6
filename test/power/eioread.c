/* A disk with blocks that cannot be read: reads that touch bytes EIO_FROM up to EIO_TO of the file whose path ends with EIO_FILE return EIO.
 * With EIO_WHILE, a disk that is away instead: only as long as a file of that name is there, and all flushes fail as well. Preloaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int isAway(void) {
  const char *flag = getenv("EIO_WHILE");
  return flag && access(flag, F_OK) == 0;
}

static int fails(int fd, size_t count, off64_t at) {
  const char *name = getenv("EIO_FILE"), *from = getenv("EIO_FROM"), *to = getenv("EIO_TO");
  char link[64], path[4096];
  if (!name || !from || !to || (getenv("EIO_WHILE") && !isAway())) return 0;
  if (at >= atoll(to) || at + (off64_t)count <= atoll(from)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  const char *end = path + length - strlen(name);
  return end >= path && strcmp(end, name) == 0;
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) {
  static ssize_t (*real)(int, void *, size_t, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "pread64");
  if (fails(fd, count, at)) { errno = EIO; return -1; }
  return real(fd, bytes, count, at);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at) { return pread64(fd, bytes, count, at); }

int fsync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fsync");
  if (isAway()) { errno = EIO; return -1; }
  return real(fd);
}

int fdatasync(int fd) {
  static int (*real)(int);
  if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
  if (isAway()) { errno = EIO; return -1; }
  return real(fd);
}
