/* The floor under every commit: 4 KB pwrite + fdatasync, over and over, into a file of 4 MB that is written again from its start.
 *   floor FILE COUNT      prints: rate per second, p50 and p99 in milliseconds */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int count = atoi(argv[2]), file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
  char *page = malloc(4096);
  double *took = malloc(sizeof(double) * (size_t)count);
  if (file < 0 || !page || !took) return 1;
  memset(page, 7, 4096);
  for (int i = 0; i < 1024; i++)
    if (pwrite(file, page, 4096, (off_t)i * 4096) != 4096) return 1;
  if (fsync(file)) return 1;
  double began = now();
  for (int i = 0; i < count; i++) {
    double at = now();
    page[i % 4096] ^= 1;
    if (pwrite(file, page, 4096, (off_t)(i % 1024) * 4096) != 4096 || fdatasync(file)) return 1;
    took[i] = now() - at;
  }
  double total = now() - began;
  qsort(took, (size_t)count, sizeof(double), compare);
  printf("%.1f %.4f %.4f\n", count / total * 1e3, took[count / 2], took[(int)(count * 0.99)]);
  return 0;
}
