/** Messages about an invalid GPIO configuration. Here because a driver may import nothing of src/text. */
interface Complaint {
  readonly message: { readonly zh: string; readonly en: string };
  readonly hint: { readonly zh: string; readonly en: string };
}

export const gpioText = {
  chipNumber: (chip: string): Complaint => ({
    message: {
      zh: `chip 要写芯片标签，不能写“${chip}”`,
      en: `chip is the label of the chip, not "${chip}"`,
    },
    hint: {
      zh: '编号随内核变化。运行 gpiodetect，写方括号里的名字，例如树莓派 4 的 pinctrl-bcm2711、树莓派 5 的 pinctrl-rp1',
      en: 'numbers change with the kernel. Run gpiodetect and write the name in brackets: pinctrl-bcm2711 on a Pi 4, pinctrl-rp1 on a Pi 5',
    },
  }),
  noLines: (): Complaint => ({
    message: { zh: 'lines 里一个点也没有', en: 'there is no point in lines' },
    hint: { zh: '例如 lines: { in17: 17 }', en: 'for example lines: { in17: 17 }' },
  }),
  badPoint: (point: string): Complaint => ({
    message: { zh: `点位名“${point}”不能用`, en: `"${point}" cannot be the name of a point` },
    hint: {
      zh: '用小写字母开头，只含小写字母、数字和 _，例如 in17',
      en: 'a small letter, then small letters, digits and _, such as in17',
    },
  }),
  lineTwice: (line: number): Complaint => ({
    message: { zh: `线号 ${line} 用了两次`, en: `line ${line} is given twice` },
    hint: { zh: '一根线只能是一个点', en: 'a line is one point' },
  }),
  noBias: (bias: string): Complaint => ({
    message: { zh: `sysfs 方式不能设置 ${bias}`, en: `sysfs cannot set ${bias}` },
    hint: {
      zh: '去掉 via 改用 gpiomon（安装 gpiod），或在启动配置里设好上下拉并写 bias: as-is',
      en: 'remove via and install gpiod, or set the bias at boot and write bias: as-is',
    },
  }),
};
