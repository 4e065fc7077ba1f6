/** A count that may not have been counted to its end: `1000+`. */
export const countText = (count: number, more: boolean): string => `${count}${more ? '+' : ''}`;
