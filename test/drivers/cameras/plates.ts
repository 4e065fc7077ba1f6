/** Plates that nobody has. */
export const inPlate = (number: number): string => `粤B0000${number}`;
/** 粤B00003 as GB2312 writes it. */
export const GB2312_PLATE = Buffer.from([0xd4, 0xc1, 0x42, 0x30, 0x30, 0x30, 0x30, 0x33]);
