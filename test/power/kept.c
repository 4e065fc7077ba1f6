/* A file that cannot be given up: to shorten or remove the file whose path ends with KEPT_FILE fails with KEPT_ERRNO (EIO or EROFS). Preloaded. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int isKept(const char *path) {
  const char *name = getenv("KEPT_FILE");
  if (!name || strlen(path) < strlen(name)) return 0;
  return strcmp(path + strlen(path) - strlen(name), name) == 0;
}

static int refuse(void) {
  const char *code = getenv("KEPT_ERRNO");
  errno = code && strcmp(code, "EROFS") == 0 ? EROFS : EIO;
  return -1;
}

int ftruncate64(int fd, off64_t length) {
  static int (*real)(int, off64_t);
  if (!real) real = dlsym(RTLD_NEXT, "ftruncate64");
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t bytes = readlink(link, path, sizeof path - 1);
  if (bytes >= 0) {
    path[bytes] = 0;
    if (isKept(path)) return refuse();
  }
  return real(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int unlink(const char *path) {
  static int (*real)(const char *);
  if (!real) real = dlsym(RTLD_NEXT, "unlink");
  return isKept(path) ? refuse() : real(path);
}
