/* The peer: `libmodbus-client PATH COUNT GAP_US` reads FC02 x 8 of unit 1 COUNT times and prints the microseconds of each read, sorted. */
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int order(const void *a, const void *b) { return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b); }
int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int count = atoi(argv[2]);
  double *took = calloc((size_t)count, sizeof *took);
  modbus_t *bus = modbus_new_rtu(argv[1], 115200, 'N', 8, 1);
  modbus_set_slave(bus, 1);
  modbus_set_response_timeout(bus, 1, 0);
  if (modbus_connect(bus)) return 1;
  for (int i = 0; i < count; i++) {
    uint8_t bits[8];
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (modbus_read_input_bits(bus, 0, 8, bits) != 8) return 1;
    clock_gettime(CLOCK_MONOTONIC, &b);
    took[i] = (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3;
    usleep((useconds_t)atoi(argv[3]));
  }
  qsort(took, (size_t)count, sizeof *took, order);
  printf("%.1f %.1f\n", took[count / 2], took[count * 99 / 100]);
  return 0;
}
