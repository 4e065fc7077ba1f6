/* Boards that answer at once, and say when they were asked: `boards WIRE COUNT`, WIRE being pty, tcp (RTU over a socket) or modbus-tcp.
 * Prints where each is, one a line. A board answers every read of function 1 to 4; its inputs are the bits last set, register 4000h is
 * its own address, all else is 0. Times are CLOCK_MONOTONIC in nanoseconds. On standard input:
 *   set BOARD INPUTS   answers the time of the change
 *   begin              forgets the polls so far
 *   polls              answers a line for each board: the times of its polls (requests of function 2)
 * It ends with its input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { BOARDS_MAX = 256, POLLS_MAX = 1 << 20, HEADER = 6, INPUTS = 2, ADDRESS_REGISTER = 0x4000 };

struct board {
  int listener, wire;
  uint8_t bytes[512];
  int length;
  unsigned inputs;
  int64_t *polls;
  int count;
};
static struct board boards[BOARDS_MAX];
static int count, has_header;

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static unsigned crc16(const uint8_t *bytes, int length) {
  unsigned crc = 0xffff;
  for (int i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

static void answer(struct board *board, const uint8_t *header, const uint8_t *request, int64_t at) {
  int code = request[1], address = request[2] << 8 | request[3], quantity = request[4] << 8 | request[5];
  if (code < 1 || code > 4 || quantity > 120) return;
  uint8_t out[HEADER + 260] = {0}, *frame = has_header ? out + HEADER : out;
  int data = code <= 2 ? (quantity + 7) / 8 : 2 * quantity, length = 3 + data;
  frame[0] = request[0];
  frame[1] = code;
  frame[2] = data;
  if (code == INPUTS) {
    frame[3] = board->inputs;
    if (board->count < POLLS_MAX) board->polls[board->count++] = at;
  } else if (code > 2 && address == ADDRESS_REGISTER)
    frame[4] = request[0];
  if (has_header) {
    memcpy(out, header, 2);
    out[5] = length;
    length += HEADER;
  } else {
    unsigned crc = crc16(frame, length);
    frame[length++] = crc & 0xff;
    frame[length++] = crc >> 8;
  }
  if (write(board->wire, out, length) < 0) board->length = 0;
}

static void asked(struct board *board) {
  int64_t at = now_ns();
  ssize_t got = read(board->wire, board->bytes + board->length, sizeof board->bytes - board->length);
  if (got <= 0 && board->listener >= 0) {
    close(board->wire);
    board->wire = -1;
    board->length = 0;
    return;
  }
  if (got > 0) board->length += got;
  int whole = has_header ? HEADER + 6 : 8;
  while (board->length >= whole) {
    answer(board, board->bytes, board->bytes + (has_header ? HEADER : 0), at);
    board->length -= whole;
    memmove(board->bytes, board->bytes + whole, board->length);
  }
}

static void begin_socket(struct board *board, const char *wire) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  board->listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(board->listener, (struct sockaddr *)&at, size) || listen(board->listener, 4)) exit(1);
  getsockname(board->listener, (struct sockaddr *)&at, &size);
  printf("%s://127.0.0.1:%d\n", wire, ntohs(at.sin_port));
}

static void begin_pty(struct board *board) {
  board->wire = posix_openpt(O_RDWR | O_NOCTTY);
  if (board->wire < 0 || grantpt(board->wire) || unlockpt(board->wire)) exit(1);
  struct termios raw;
  /* Kept open: a master whose slave nobody has open reads an error. */
  int slave = open(ptsname(board->wire), O_RDWR | O_NOCTTY);
  if (slave < 0 || tcgetattr(slave, &raw)) exit(1);
  cfmakeraw(&raw);
  tcsetattr(slave, TCSANOW, &raw);
  printf("%s\n", ptsname(board->wire));
}

static void connected(struct board *board) {
  int one = 1, wire = accept(board->listener, NULL, NULL);
  if (wire < 0) return;
  setsockopt(wire, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (board->wire >= 0) close(board->wire);
  board->wire = wire;
  board->length = 0;
}

static void commanded(char *line) {
  int number;
  unsigned inputs;
  if (sscanf(line, "set %d %u", &number, &inputs) == 2 && number >= 0 && number < count) {
    boards[number].inputs = inputs;
    printf("%lld\n", (long long)now_ns());
  } else if (strncmp(line, "begin", 5) == 0) {
    for (int i = 0; i < count; i++) boards[i].count = 0;
  } else if (strncmp(line, "polls", 5) == 0) {
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < boards[i].count; j++) printf("%lld ", (long long)boards[i].polls[j]);
      printf("\n");
    }
  }
  fflush(stdout);
}

static void read_commands(void) {
  static char text[4096];
  static int length;
  ssize_t got = read(0, text + length, sizeof text - 1 - length);
  if (got <= 0) exit(0);
  length += got;
  text[length] = 0;
  for (char *end; (end = strchr(text, '\n')) != NULL;) {
    *end = 0;
    commanded(text);
    length -= (int)(end + 1 - text);
    memmove(text, end + 1, length + 1);
  }
}

int main(int argc, char **argv) {
  if (argc != 3 || (count = atoi(argv[2])) < 1 || count > BOARDS_MAX) return 2;
  prctl(PR_SET_TIMERSLACK, 1);
  has_header = strcmp(argv[1], "modbus-tcp") == 0;
  for (int i = 0; i < count; i++) {
    boards[i] = (struct board){.listener = -1, .wire = -1, .inputs = 1};
    boards[i].polls = malloc(POLLS_MAX * sizeof(int64_t));
    if (strcmp(argv[1], "pty") == 0) begin_pty(&boards[i]);
    else begin_socket(&boards[i], argv[1]);
  }
  fflush(stdout);
  static struct pollfd all[1 + 2 * BOARDS_MAX];
  for (;;) {
    all[0] = (struct pollfd){.fd = 0, .events = POLLIN};
    for (int i = 0; i < count; i++) {
      all[1 + 2 * i] = (struct pollfd){.fd = boards[i].wire, .events = POLLIN};
      all[2 + 2 * i] = (struct pollfd){.fd = boards[i].listener, .events = POLLIN};
    }
    if (poll(all, 1 + 2 * count, -1) < 0 && errno != EINTR) return 1;
    for (int i = 0; i < count; i++) {
      if (all[1 + 2 * i].revents != 0) asked(&boards[i]);
      if (all[2 + 2 * i].revents != 0) connected(&boards[i]);
    }
    if (all[0].revents != 0) read_commands();
  }
}
