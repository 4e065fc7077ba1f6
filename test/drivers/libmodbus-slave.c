/* A Modbus RTU slave by libmodbus: `libmodbus-slave PATH`. It shares nothing with our code. Answers unit 1 until it is killed.
 * Input bits 0, 2 and 7 are on; coil 1 is on; holding register n is 0x4100 + n; input registers 0 and 1 are a 32-bit count,
 * high word first, that grows by one at every read of function 4. */
#include <errno.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  modbus_t *bus = modbus_new_rtu(argv[1], 115200, 'N', 8, 1);
  modbus_mapping_t *map = modbus_mapping_new(16, 16, 16, 16);
  if (!bus || !map || modbus_set_slave(bus, 1) || modbus_connect(bus)) {
    fprintf(stderr, "%s: %s\n", argv[1], modbus_strerror(errno));
    return 1;
  }
  map->tab_input_bits[0] = map->tab_input_bits[2] = map->tab_input_bits[7] = 1;
  map->tab_bits[1] = 1;
  for (int n = 0; n < 16; n++) map->tab_registers[n] = 0x4100 + n;
  uint32_t count = 0xfffe;
  puts("ready");
  fflush(stdout);
  for (;;) {
    uint8_t request[MODBUS_RTU_MAX_ADU_LENGTH];
    int length = modbus_receive(bus, request);
    if (length < 0) {
      if (errno == EIO || errno == EBADF || errno == ECONNRESET) return 0;
      continue;
    }
    if (length > 1 && request[1] == 4) {
      count++;
      map->tab_input_registers[0] = count >> 16;
      map->tab_input_registers[1] = count & 0xffff;
    }
    if (length > 0) modbus_reply(bus, request, length, map);
  }
}
