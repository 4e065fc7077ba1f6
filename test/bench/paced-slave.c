/* The far end of a wire with a speed: `paced-slave PATH BAUD`. Answers FC02 x 8 of unit 1 as a board without thinking time would:
 * the request takes its time on the wire, then t3.5, then the answer byte by byte. BAUD 0: everything at once. Kill it to end it. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}
static void until(int64_t ns) {
  struct timespec t = {ns / 1000000000LL, ns % 1000000000LL};
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}
int main(int argc, char **argv) {
  if (argc != 3) return 2;
  prctl(PR_SET_TIMERSLACK, 1);
  int fd = open(argv[1], O_RDWR | O_NOCTTY);
  struct termios raw;
  if (fd < 0 || tcgetattr(fd, &raw)) return 1;
  cfmakeraw(&raw);
  tcsetattr(fd, TCSANOW, &raw);
  double baud = atof(argv[2]);
  int64_t character = baud > 0 ? (int64_t)(1e10 / baud) : 0;
  int64_t gap = baud <= 0 ? 0 : baud > 19200 ? 1750000 : (int64_t)(38.5e9 / baud);
  static const uint8_t answer[6] = {0x01, 0x02, 0x01, 0x05, 0x61, 0x8b};
  puts("ready");
  fflush(stdout);
  for (;;) {
    uint8_t request[8];
    int length = 0;
    int64_t began = 0;
    while (length < 8) {
      ssize_t n = read(fd, request + length, 8 - length);
      if (n <= 0) return 0;
      if (length == 0) began = now_ns();
      length += (int)n;
    }
    if (character == 0) {
      if (write(fd, answer, 6) != 6) return 1;
      continue;
    }
    int64_t at = began + 8 * character + gap;
    for (int i = 0; i < 6; i++) {
      at += character;
      until(at);
      if (write(fd, answer + i, 1) != 1) return 1;
    }
  }
}
