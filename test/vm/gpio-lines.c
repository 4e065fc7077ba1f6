// SPDX-License-Identifier: GPL-2.0
/*
 * A chip of eight inputs whose levels are written into /sys/devices/platform/gpio-lines/levels (one number, a bit a line). Debian's kernels have neither
 * gpio-sim nor the interrupt simulator it needs, so the edges come through interrupts of its own: gpiomon sees them as those of real lines.
 */
#include <linux/gpio/driver.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define LINES 8

static struct platform_device *device;
static struct gpio_chip chip;
static struct irq_domain *domain;
static unsigned long levels;

static int get_direction(struct gpio_chip *of, unsigned int line) { return GPIO_LINE_DIRECTION_IN; }
static int direction_input(struct gpio_chip *of, unsigned int line) { return 0; }
static int get(struct gpio_chip *of, unsigned int line) { return test_bit(line, &levels); }
/* A bias is taken and changes nothing. */
static int set_config(struct gpio_chip *of, unsigned int line, unsigned long config) { return 0; }
static int to_irq(struct gpio_chip *of, unsigned int line) { return irq_create_mapping(domain, line); }

static void do_nothing(struct irq_data *data) {}
/* The core keeps the kind of edge that was asked for. */
static int set_type(struct irq_data *data, unsigned int type) { return IRQ_SET_MASK_OK; }

static struct irq_chip interrupts = { .name = "gpio-lines", .irq_mask = do_nothing, .irq_unmask = do_nothing, .irq_set_type = set_type };

static int map(struct irq_domain *of, unsigned int irq, irq_hw_number_t line)
{
	irq_set_chip_and_handler(irq, &interrupts, handle_simple_irq);
	return 0;
}

static const struct irq_domain_ops domain_ops = { .map = map };

static ssize_t levels_store(struct device *of, struct device_attribute *attribute, const char *text, size_t length)
{
	unsigned long wanted;
	unsigned int line;

	if (kstrtoul(text, 0, &wanted))
		return -EINVAL;
	for (line = 0; line < LINES; line++) {
		bool is_on = wanted & BIT(line);
		int irq = irq_find_mapping(domain, line);

		if (is_on == test_bit(line, &levels))
			continue;
		assign_bit(line, &levels, is_on);
		if (irq && (irq_get_trigger_type(irq) & (is_on ? IRQ_TYPE_EDGE_RISING : IRQ_TYPE_EDGE_FALLING)))
			generic_handle_domain_irq_safe(domain, line);
	}
	return length;
}
static DEVICE_ATTR_WO(levels);

static int __init lines_init(void)
{
	device = platform_device_register_simple("gpio-lines", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	domain = irq_domain_add_linear(NULL, LINES, &domain_ops, NULL);
	if (!domain) {
		platform_device_unregister(device);
		return -ENOMEM;
	}
	chip.label = "gpio-lines";
	chip.parent = &device->dev;
	chip.owner = THIS_MODULE;
	chip.base = -1;
	chip.ngpio = LINES;
	chip.get_direction = get_direction;
	chip.direction_input = direction_input;
	chip.get = get;
	chip.set_config = set_config;
	chip.to_irq = to_irq;
	return gpiochip_add_data(&chip, NULL) ?: device_create_file(&device->dev, &dev_attr_levels);
}

module_init(lines_init);
MODULE_DESCRIPTION("Inputs that are set by hand");
MODULE_LICENSE("GPL");
