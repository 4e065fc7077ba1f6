/**
 * The shapes of the characters of number plates and times, as bits. It must not know where they are drawn.
 *
 * These bitmaps, and nothing else in this program, are made from Noto Sans CJK SC Bold and stay under its licence:
 * Copyright 2014-2021 Adobe (http://www.adobe.com/). Noto is a trademark of Google Inc. SPDX-License-Identifier: OFL-1.1
 *
 * -----------------------------------------------------------
 * SIL OPEN FONT LICENSE Version 1.1 - 26 February 2007
 * -----------------------------------------------------------
 *
 * PREAMBLE
 *
 * The goals of the Open Font License (OFL) are to stimulate worldwide
 * development of collaborative font projects, to support the font
 * creation efforts of academic and linguistic communities, and to provide
 * a free and open framework in which fonts may be shared and improved in
 * partnership with others.
 *
 * The OFL allows the licensed fonts to be used, studied, modified and
 * redistributed freely as long as they are not sold by themselves. The
 * fonts, including any derivative works, can be bundled, embedded,
 * redistributed and/or sold with any software provided that any reserved
 * names are not used by derivative works. The fonts and derivatives,
 * however, cannot be released under any other type of license. The
 * requirement for fonts to remain under this license does not apply to
 * any document created using the fonts or their derivatives.
 *
 * DEFINITIONS
 *
 * "Font Software" refers to the set of files released by the Copyright
 * Holder(s) under this license and clearly marked as such. This may
 * include source files, build scripts and documentation.
 *
 * "Reserved Font Name" refers to any names specified as such after the
 * copyright statement(s).
 *
 * "Original Version" refers to the collection of Font Software components
 * as distributed by the Copyright Holder(s).
 *
 * "Modified Version" refers to any derivative made by adding to,
 * deleting, or substituting -- in part or in whole -- any of the
 * components of the Original Version, by changing formats or by porting
 * the Font Software to a new environment.
 *
 * "Author" refers to any designer, engineer, programmer, technical writer
 * or other person who contributed to the Font Software.
 *
 * PERMISSION & CONDITIONS
 *
 * Permission is hereby granted, free of charge, to any person obtaining a
 * copy of the Font Software, to use, study, copy, merge, embed, modify,
 * redistribute, and sell modified and unmodified copies of the Font
 * Software, subject to the following conditions:
 *
 * 1) Neither the Font Software nor any of its individual components, in
 * Original or Modified Versions, may be sold by itself.
 *
 * 2) Original or Modified Versions of the Font Software may be bundled,
 * redistributed and/or sold with any software, provided that each copy
 * contains the above copyright notice and this license. These can be
 * included either as stand-alone text files, human-readable headers or
 * in the appropriate machine-readable metadata fields within text or
 * binary files as long as those fields can be easily viewed by the user.
 *
 * 3) No Modified Version of the Font Software may use the Reserved Font
 * Name(s) unless explicit written permission is granted by the
 * corresponding Copyright Holder. This restriction only applies to the
 * primary font name as presented to the users.
 *
 * 4) The name(s) of the Copyright Holder(s) or the Author(s) of the Font
 * Software shall not be used to promote, endorse or advertise any
 * Modified Version, except to acknowledge the contribution(s) of the
 * Copyright Holder(s) and the Author(s) or with their explicit written
 * permission.
 *
 * 5) The Font Software, modified or unmodified, in part or in whole, must
 * be distributed entirely under this license, and must not be distributed
 * under any other license. The requirement for fonts to remain under this
 * license does not apply to any document created using the Font Software.
 *
 * TERMINATION
 *
 * This license becomes null and void if any of the above conditions are
 * not met.
 *
 * DISCLAIMER
 *
 * THE FONT SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND,
 * EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO ANY WARRANTIES OF
 * MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT
 * OF COPYRIGHT, PATENT, TRADEMARK, OR OTHER RIGHT. IN NO EVENT SHALL THE
 * COPYRIGHT HOLDER BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY,
 * INCLUDING ANY GENERAL, SPECIAL, INDIRECT, INCIDENTAL, OR CONSEQUENTIAL
 * DAMAGES, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING
 * FROM, OUT OF THE USE OR INABILITY TO USE THE FONT SOFTWARE OR FROM
 * OTHER DEALINGS IN THE FONT SOFTWARE.
 */

/** Rows in a glyph. */
export const GLYPH_HEIGHT = 40;
/** Columns of a Chinese character; the others have half of it. */
export const WIDE_GLYPH_WIDTH = 40;
export const GLYPH_WIDTH = 20;

/** Base64 of the bits, row by row from the top left, packed without gaps between rows. */
export const GLYPHS: Readonly<Record<string, string>> = {
  京: 'AAAAAAAAABgAAAAAfAAAAAB8AAAAAH4AAAAAPgAAH/////gf////+B/////4H/////gAAAAAAAAAAAAAAf///4AB////gAH///+AAf///4AB8AAPgAHwAA+AAfAAD4AB8AAPgAH///+AAf///4AB////gAH///+AAP///wAAADwAAAAAPAAAAOA8DgAB+DwfAAHwPB+AA+A8D8AH4DwH4A/APAPwH4h8A/AfD/wB+A4P/ADgBAf4AMAAB/AAAAAAAAAAAAAAAAA=',
  津: 'AAAAAAAAAAPgAAIAA+AAB4AD4AAPwAPgAA/z///wB/v///AB8///8ADwB+HwAGAD4fAAAAPh8AAP///8GA////w8D////D8P///8P8AD4fAf4APh8AfD///wA4P///ABA///8AAD///gAAAD4AAAgAPgAADD///wAfP///AB8///8APgB+AAA+AD4AAH4APgAAfP///4D8////gPj///+B+P///4HwAD4AAfAAPgAA4AA+AABgAD4AAAAAPgAAAAAAAAAAAAAAA=',
  沪: 'AAAAAAAAAABAAAOAAeAAA+AD8AAH+AH4AAP8APgAAfwAfAAAeABwAAAw///4AAD///gAAP//+AAA///4DAD4APgfAPAA+B/A8AD4P/DwAPgP8PAA+APg8AD4AMD///gAAP//+AAA///4AAD///gAQPAA+ABh8AD4APnwAHgA+fAAAAH58AAAAfHwAAAB8+AAAAPj4AAAB+PgAAAHx8AAAA/HwAAAD4/AAAAPn4AAAAcPgAAAAQcAAAAAAgAAAAAAAAAAAAAAAAA=',
  渝: 'AAAAAAAAAAGAAAQAA+AADwAH4AAfgA/wAB/gH/gAB/B//gAD4f5/gAHH/D/wAL/wD/wAP+AH+AAf///wAA7//yAcAP//AD4AAAAAf4AAAAA/x/+A8A/H/5zwB4f/nvABB/+e8AAHh57wAAeHnvAAB/+e8AEH/57wA8f/nvAD54ee8APHh57wB8f/nvAHx/+e8A+H/57wD4eHnvAfB4ec8B8Hh4DwHweHgPA+B5+P8D4Hn4/wDgefD+AAB4wHwAAAAAAAAAAAAAA=',
  冀: 'AAAAAAAAB4fAAAAHh8DgH/+Hz/Af/4f/4B//h/8AAAeH8DAAH4fAPB//h//4H/+D//gf54P/8AAHgAAAA////8AD////wAP////AA8A8B8AD////wAP////AA////8ADwDwHwAP////AA////8AD////wAAeAHgAAD4A+AAP////8A/////wD/////AAHgD4AD/////8P/////w//////AAPAPgAAH+B/4AP/4H/+B/+AD/4H+AAAfgcAAAAEAAAAAAAAAAAAAA=',
  豫: 'AAAAAAAAAAcAAAAAB4AAP/4P/gA//x//gD//H//AP/4//4AAfHwPgA74/B8AH/n///gf8///+A/x///4A/j4eHgA+Hh4eABweHh4f/9///h//3//+H//f//4f/8///gDzwfAEAPPH+B4A89/8fgDz/7z+APe+f/gA85D/8ADwA//4APAfz3gA8H8fOADwfj88APBw/zwA8AP3HgDwD+cfAPA/jw8P8P4PDw/weB8GB/Ag/gYH4AD+AAeAAPgAAAAAAAAAAAAAAA=',
  云: 'AAAAAAAAAAAAAAH////AAf///8AB////wAH////AAf///8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA//////D/////8P/////w//////D/////8AAfgAAAAD+AAAAAfwAAAAB/AOAAAP4D8AAA/AP4AAH4AfgAA/gA/AAH8AB+AAfgAH4AD8Af/wA/////gD////+AP////8Af////wB//4AfgHgAAB+AAAAADgAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  辽: 'AAAAAAACAAAAAA8AAAAAH4P///APw///+AfD///4B+P///AD8AAH4AHgAA/AAMAAH4AAAAA/AAAAAH4AAAAB/AAAAAH4AD/gAfAAP+AB8AA/4AHwAD/gAfAAA+AB8AAD4AHwAAPgAfAAA+AB8AAD4AHwAAPgAfAAA+AB8AAD4AHwAAPgAfAAA+B/8AAD4D/wAAfgP+AAD/g/gAAf/gAAAD//8Af+fj////w8H////BwH///8GAD///wIAAAAAAAAAAAAAAAAAAA=',
  黑: 'AAAAAAAAAAAAAAP////AA////8AD////wAP////AA+A8R8AD7jx3wAPuPPfAA+8898AD5zznwAPnPefAA+Q8x8AD////wAP////AA////8AD////wAAAfAAAAAA8AAAD////wAf////AB////8AD////wAAAPAAAAAB8AAA//////D/////8P/////w/////+AAAAAAAA8ABw8AHx8fH4AfHx8PwD8fD4fAfh8Ph+B8Dw+D8HwPB4HgCAAAAQAAAAAAAAAAAAAA=',
  湘: 'AAAAAAAAAPgAAAOA+AAAB+D4f/wP8Ph//Afw+H/8AfD4f/wA4Ph4PAAA+Hg8AA//eDwAD/94PAAP/3g8DA//f/wfD/9//B/A+H/8H+D4f/wHwfh4fAOB+Hg8AIH8eDwAA/54PAAD/3g8AAP/+HwAB////AOH/3/8A+/7f/wD7/h//APf+Hg8B/74eDwH/vh4PAfc+Hg8D4z4eDwPgPh//A+A+H/8HwD4f/wfAPh//B8A+H/8BgD4eDwAAPh4PAAAAAAAAAAAAAA=',
  皖: 'AAAAAAABAABgAAPgAfAAA+AB8AAD4ADwAAPAAPgAA8D///gHwP//+D/8///4P/z///g//PAAeD/88AB4PDzwAHg8PP//+Dw8P//APDw//8A8PD//wD/8AAAAP/wAAAA//AAAAD/8///4Pjz///g8PP//+Dw8///4PDwPnwA8PA+fADw8Dx8AP/wPHwA//B8fAD/8Hx8gP/w+Hzg+AH4fPDwA/B88PAP8H/wAD/gf+AAH8B/4AAPAD/AAAwAAAAAAAAAAAAAAAAA=',
  鲁: 'AAAAAAAABgAAAAAPgAAAAB//wAAAP//wAAB///AAAPwD8AAB+APgAAf////gD////+Af////4B/wHgPgDf///+AB////4AH////gAfAeA+AB////4AH////gAf///+AAAAAAAA/////8D/////wP/////AAAAAAAAH///4AAf///gAB///+AAHgAD4AAeAAPgAB///+AAH///4AAf///gAB4AA+AAHwAD4AAf///gAB///+AAH///4AAeAAPgAAAAAAAAAAAAAA=',
  新: 'AAAAAAAAMAAAAADwAAHAAPgAD+AAeAD/8D//8//wP//z/4A///P4AD//88AABwODwAAPh8PAAAeHg8AAB4eDwAAHjwPAAH//8//8f//z//x///P//D//8//8AHgD//wAeAPDwAB4A8PAP//zw8A///fDwD//98PAP//3w8AAeAfDwA55x8PAD3vHg8AeeeeDwB5554PAPHj/g8B8eO+DwDh4TwPAAHgfA8AD+B8DwAP4HgPAAfAGA8AAAAADwAAAAAAAAAAAAAA=',
  苏: 'AAAAAAAAPgD4AAA+APgAAD4A+AA/////+D/////4P/////g/////+B/////4AD4A+AAAPgD4AAA+ePgAAAD4AAAAAPgAAAAA+AAAB////wAH////AAf///8AB////gAH///+AAAB8D4AAAHwPkABwfA/4APh4D/gA+PgP/AHw+A/8A/H4D7wD4fAPvgfD8A+eD8fgD58Dj8APnwE/wB+IAH+AHwAB/wQ/AAf8B/8AA/gH/gAB4Af8AAGAA+AAAAAAAAAAAAAAAA=',
  浙: 'AAAAAAAAAeAAQA8B4AHgD4HgD/Af4eB/+A/x4P/gB+Hg/wABweD4AACf/PAAAB/+8AAAH/7wAAAf/vAAGB/88AA+AeD4AD+B4P/8P8Hg//wfweD//AeB4P/8AwH88eAAAf7x4AAP/vHgAD/+8eAAP/jx4AE/4PHgA9/g8eAD0eHx4AfB4fHgB8Hh4eAHgeHh4A+B4eHgD4Hj4eAfAePh4B8D58HgHx/nweA+H++B4D4fx4HgDB+DAeAAAAAB4AAAAAAAAAAAAAA=',
  赣: 'AAAAAAAAYAHAAAHgAcAAAPAD/8AA+Af/4D//x//gP//PgeA////DwA4HH++ADw8I/wAPDwB+AA8fAf/Af//v//h////D+D///wDwAAAf/8Af/4P/wB//g//AHgeAPAAcA5//+B//n//4H/+f//gf/4AAABwDj//gHgOP/+Af/4//4B//jwHgAPAOAOAA8A484H//7jjgf//ueOB//+544H//7vYAAPAB98AA8A/v8ADwP4P4APA/APgA8BAAEAAAAAAAAAAAAAA=',
  鄂: 'AAAAAAAAAAAAAB/z/n/gH/P+//gf8/7//Bxznv/4HHOO//gcc474+BxzjvjwH/P++PAf8/758B/z/vngAAAA+eAAAAD7wA///PvAD//8+8AP//z7wA///PvgAAAA+eAf//748D///vjwP//++Hg///74eB///vh4A8AA+HgDwAD4eAf/+Ph4B//4+PgH//j/+AAAeP/wAAB4//AAAHj7wAAA+PgAAAHw+AAAf/D4AAB/8PgAAD/g+AAAPgD4AAAAAAAAAAAAAAA=',
  桂: 'AAAAAAAB4AB4AAHgAHwAAeAAfAAB4AB8AAHgAPwAAeB///gB4H//+B/+f//4P/9///g//wB8AD//AHwAP/8AfAAB4AB8AAPw///8A/D///wD+P///Af8///8B/wAAAAH/gAAAA//AHwAD+8AfAAf7gB8AB/kf//4PeB///h94H//+H3gf//4OeB///g54AB8ABHgAHwAAeAAfAAB4AB8AAHj///+AeP///4B4////gHj///+AeP///4B4AAAAAAAAAAAAAAAAAA=',
  甘: 'AAAAAAAAfAA+AAB8AD4AAHwAPgAAfAA+AAB8AD4AAHwAPgAAfAA+AD/////8P/////w//////D/////8P/////wAfAA+AAB8AD4AAHwAPgAAfAA+AAB8AD4AAHwAPgAAf//+AAB///4AAH///gAAf//+AAB///4AAHwAPgAAfAA+AAB8AD4AAHwAPgAAfAA+AAB8AD4AAHwAPgAAf//+AAB///4AAH///gAAf//+AAB///4AAHwAPgAAfAAeAAAAAAAAAAAAAAA=',
  晋: 'AAAAAAAAAAAAAA/////wD/////AP////8A/////wAEfHwAADx8PDgAPnw8fAA+fDx8AB58PPgAH3w8+AAffDzwAAh8PCAD/////8P/////w//////D/////8AAAAAAAAAAAAAAH////AAf///8AB////wAH////AAfAAB8AB8AAHwAH////AAf///8AB////wAH////AAfAAB8AB8AAHwAH////AAf///8AB////wAH////AAfAAD8AB4AAHgAAAAAAAAAAAAAA=',
  蒙: 'AAAAAAAAPgB4AAA+APgAP/////g/////+D/////4AD4A+AAAPgB4AAAAAAAAH/////Af////8B/////wHwAAAPAff//88B9///zwDn///PAAAAAAAAP////AA////8AD////wAP////AAD/gBgAD//AfAB/4+H8AH+H//wAPB//8AAA///gAAf8f/AAP/H9+AA/x/z8AB4f/n4AEH++PwAD/j4/gB/4fB/gf+/8D8A/B/gHgBwH8AEAAAfgAAAAAAAAAAAAAAAA=',
  陕: 'AAAAAAAAAAHwAAAAAfAAP/gB8AA//gHwAD/+AfAAP/wB8AA+fP//8Dx8///wPHj///A8eP//8Dz4AfAAPPB58eA88Hnx4D3gefPgPfB988A88D3zwDx4PfeAPHw994A8PCHxgDw9///4PD////g8P///+Dw////4PnwD+AA//AP8AD38B/wAPfgH/gA94A++ADwAH58APAA/H4A8AH8PwDwB/gfwPAP8A/g8B/gB+DwD4ADwPAPAAGA8AQAAAAAAAAAAAAAAAAA=',
  吉: 'AAAAAAAAAHwAAAAAfAAAAAB8AAAAAHwAAAAAfAAAP/////g/////+D/////4P/////gAAHwAAAAAfAAAAAB8AAAAAHwAAAAAfAAAB////+AH////4Af////gB////+AAAAAAAAAAAAAAAAAAAAAD////gAP///+AA////4AD////gAPgAA+AA+AAD4AD4AAPgAPgAA+AA+AAD4AD4AAPgAP///+AA////4AD////gAP///+AA////4AD4AAPgAAAAAAAAAAAAAA=',
  闽: 'AAAAAAABAAAAAAeAAAAAD8P///gH4///+APz///4AfP///gB+AAA+ADwAAD4AEA8APgfADwA+B8APAD4Hx//+PgfP//8+B8///z4Hz///PgfP//8+B8+PHz4Hz48fPgfPjx8+B8///z4Hz///PgfP//8+B8///z4HwB+EPgfADx4+B8APHj4HwA8fPgfAf/8+B9///74H3///vgff///+B9/4Bz4HwAAAPgfAAAH+B8AAAf4HwAAB/AfAAADwAAAAAAAAAAAAAA=',
  贵: 'AAAAAAAAADwAAAAAPAAAAf///4AB////gAH///+AAfB+D4AB4DwPgAH///+AAf///4AB////gAAAfgAAAAA8AAA//////D/////8P/////w//////AAAAAAAAf///4AB////gAH///+AAf///4AB8AAPgAHwfA+AAfB8D4AB8HwPgAHwfA+AAfB8D4AB8PwPgAHw+Y+AAAP78AAAD/P+AAA/4//AA/+A//Af/wAf+B/8AAfwD+AAAPAGAAAAIAAAAAAAAAAAAAA=',
  粤: 'AAAAAAAAAOAAAAAA+AAAAAHwAAAD////gAf////AB////8AHxjjHwAfOOOfAB8c5x8AH3//3wAf///fAB///98AHwfkHwAfP+8fAB9+598AH3jhnwAfIOCfAB////8AH////wAP///+AAAAAAAA/////+D/////4P/////g/////+AD4AAAAAPgAAAAA////gAH///+AAf///wAAAAAfAAAAAB8AAAAAHwAAAA/+AAAAD/4AAAAP/AAAAAf4AAAAAAAAAAAAAAA=',
  青: 'AAAAAAAAAHwAAAAAfAAAD////+AP////4A/////gB////+AAAHwAAAP///+AA////4AD////gAP///+AAAB8AAAAAHwAAD/////4P/////g/////+AAAAAAAAAAAAAAB////AAH///8AAf///wAB8AAfAAHwAB8AAf///wAB////AAH///8AAfAAHwAB8AAfAAH///8AAf///wAB////AAHwAB8AAfAAHwAB8AP/AAHwA/8AAfAD/gAB8AH4AAAAAAAAAAAAAAA=',
  藏: 'AAAAAAAAHwD4AAAfAPgAH/////g//////D/////8P/////wAHwD4YAAfAPjwAAAAfPgAAAB8+Bx////8HH////wcf////Bx////8HHgAPAAce/+8cB/7/7z4H/v/vPAf+5w88B/7njzwHHv/vfAAe/+/4D/z/5/gf/ODn+B/84OfwD/z/5/AHnP/n4Ae8/+PgB7znB8IHPOeHwwc8///jhzz//+ePfP//94944H7/Hnjg/P8OeAA4fwQQABAcAAAAAAAAAAAAAA=',
  川: 'AAAAAAAAAAAAAAD4AAD4APgAAPgA+A+A+AD4D4D4APgPgPgA+A+A+AD4D4D4APgPgPgA+A+A+AD4D4D4APgPgPgA+A+A+AD4D4D4APgPgPgA+A+A+AD4D4D4APgPgPgA+A+A+AD4D4D4APgPgPgA+A+A+ADwD4D4AfAPgPgB8A+A+AHwD4D4AfAPgPgD8A+A+APgD4D4B+APgPgHwA+A+A/AD4D4H4AAAPgPgAAA+AMAAAD4AAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  宁: 'AAAAAAAAAAwAAAAAfAAAAAB+AAAAAD4AAAAAPgAAAAA8AAAP////8A/////wD/////AP////8A+AAAHwD4AAAfAPgAAB8A+AAAHwAAAAAAAAAAAAAB/////4H/////gf////+B/////4D/////AAADwAAAAAPAAAAAA8AAAAADwAAAAAPAAAAAA8AAAAADwAAAAAPAAAAAA8AAAAADwAAAAAPAAAAD/8AAAAH/wAAAAf/AAAAA/4AAAAD+AAAAAAAAAAAAAAAAA=',
  琼: 'AAAAAAAAAAAwAAAAAfAAAAAA+AA//gD4AD/+///4P/7///w//v///APA///8A8D///gDwAAAAAPAAAAAA8B///ADwH//8APAf//wP/x///A//HwB8D/8fAHwP/x8AfADwHwB8APAf//wA8B///ADwH//8APAf//wA8AA+AADwAD4AAPAPPnAA/4+++AD/nz54B/++Pnwf/74+PB/+fD4+D/D8Ph4PAPg+HwAAd/4OAAAz/ggAAAP8AAAAA/AAAAAAAAAAAAAAAA=',
  0: 'AAAAAAAB+AA/wAf+AP/wH/+B+PgfD8PgfD4Hw+B8PAPHwD58A+fAPnwD58A+fAPnwD58A+fAPnwD58A+fAPjwDw+B8PgfD4HwfD4H5+B//gP/wB/4AP8AB+AAAAAAAAAAAAAAA==',
  1: 'AAAAAAAAAAAPgAP4Af+AP/gD/4A/+AP/gAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfwH//5//+f//n//5//+AAAAAAAAAAAAAA==',
  2: 'AAAAAAAD8AB/wB/+A//wP/8H4/g8H4GA+AAPwAB8AAfAAHwAD4AA+AAPgAD4AB8AAfAAPwAD4AB+AA/AAPgAH4AD8AB+AA/gAPwAH4/j//5//+f//n//5//+AAAAAAAAAAAAAA==',
  3: 'AAAAAAAB+AB/4B//A//4P/+B8fwMD8CAfAAHwAB8AAfAAPwAD4AD+AH/AB/gAfwAH/AB/4AB/AAPwAB8AAPgAD4AA+AAPhgH48D+Px/H//w//4H/8A/+AD+AAAAAAAAAAAAAAA==',
  4: 'AAAAAAAAAAAD8AA/AAfwAH8AD/AA/wAf8AHvAD7wA88AfPAHnwD58A+fAPHwHx8B4fA+HwPB8H//5//+f//n//5//+P//AAfAAHwAB8AAfAAHwAB8AAfAAHwAAAAAAAAAAAAAA==',
  5: 'AAAAAAAAAAD//A//wP/8D//A//wP/4DwAB8AAfAAHwAB8AAfAAH/wB//Af/4H/+A+/wED8AAfgAH4AA+AAPgAD4AA+AAPgAH4YB8PA/D8/x//4P/+B//AP/AAfgAAAAAAAAAAA==',
  6: 'AAAAAAAAfAAf8AP/gH/8D//B/HgfgYPwAD4AA+AAPgAHwAB8AAfH4H3/B//4f//H+fx/B8fgfnwD58A+fAPjwD4+A+PgPj4D4fB8H4/A//gP/4B/8AP+AA+AAAAAAAAAAAAAAA==',
  7: 'AAAAAAAAAAf//n//5//+f//n//5//8AAeAAPgAHwAB8AAeAAPgADwAB8AAfAAHgAD4AA+AAPgADwAB8AAfAAHwAB8AAfAAHwAD8AA/AAPwAD4AA+AAPgAD4AAAAAAAAAAAAAAA==',
  8: 'AAAAAAAB+AB/4A//AP/4H/+B8Pg+B8PgfD4Dw+A8PgfD8HgfB4H8+A//AH/gB/4Af/AP/4Hj+D4Pw8B8fAfnwD58A+fAPnwD5+B+PgfD//wf/4D/8Af+AB+AAAAAAAAAAAAAAA==',
  9: 'AAAAAAAB8AB/wA/+Af/wH/8D8fg+D4fAfHwHx8B8fAPHwD58A+fAPn4H4+D+P7/j//4f/+D/vgfj4AA+AAPAAHwAB8AAfAAPgYH4Hj+D//A//gH/wA/4AD4AAAAAAAAAAAAAAA==',
  A: 'AAAAAAAAAAAPAAH4AB+AAfgAH4AB+AA/wAO8ADvAA5wAOcAHngB54AeeAHHgBw4A8PAPDwDw8A//AP/wH/+B//gf/4H/+BwHg8A8PAPDwDw8A8PAPHgD54AeAAAAAAAAAAAAAA==',
  B: 'AAAAAAAAAAf/gH/+B//wf/+H//h8H4fA/HwHx8B8fAfHwHx8B4fA+H//B//wf/4H//B//4fB/HwHx8A+fAPnwD58A+fAPnwD58B+fA/H//x//4f/8H/+B/+AAAAAAAAAAAAAAA==',
  C: 'AAAAAAAAfAAf8AP/gH/8D//A//wfg4HwGD8AA+AAPgADwAB8AAfAAHwAB8AAfAAHwAB8AAfAAHwAB8AAfAAD4AA+AAPwCB8Bgfg8H//g//4H/8A/+AH/AAfAAAAAAAAAAAAAAA==',
  D: 'AAAAAAAAAAf+AH/4B//Af/4H//B8f4fB+HwPx8B8fAfHwDx8A+fAPnwD58A+fAPnwD58A+fAPnwD58A+fAPnwHx8B8fAfHwPx8H4fH+H//B//gf/wH/4B/4AAAAAAAAAAAAAAA==',
  E: 'AAAAAAAAAAf//H//x//8f//H//x//8fgAH4AB+AAfgAH4AB+AAfgAH//h//4f/+H//h//4f/8H4AB+AAfgAH4AB+AAfgAH4AB+AAf//H//5//+f//n//5//+AAAAAAAAAAAAAA==',
  F: 'AAAAAAAAAAf//n//5//+f//n//5//+fgAH4AB+AAfgAH4AB+AAfgAH4AB//4f/+H//h//4f/+H//h+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAAAAAAAAAAAAAAA==',
  G: 'AAAAAAAAfAAf8AP/gH/8D//A//wfgYHwCD4AA+AAPgADwAB8AAfAAHwAB8H+fB/nwf58H+fB/nwf58AefAHjwB4+AePgHh8B4fgeH//g//4H/+A//AH/AAfgAAAAAAAAAAAAAA==',
  H: 'AAAAAAAAAAfAPnwD58A+fAPnwD58A+fAPnwD58A+fAPnwD58A+fAPn//5//+f//n//5//+f//nwD58A+fAPnwD58A+fAPnwD58A+fAPnwD58A+fAPnwD58A+AAAAAAAAAAAAAA==',
  I: 'AAAAAAAAAAA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AA/gAP4AD+AAAAAAAAAAAAAAA==',
  J: 'AAAAAAAAAAAAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfggH4cD8Pg/H//w//4H/+B//AH/gAfgAAAAAAAAAAA==',
  K: 'AAAAAAAAAAfAeHwPh8DwfB8HweB8PgfDwHx8B8eAfPgHzwB98AfeAH/gB/8Af/AH/wB/+Af/gH98B+fAfjwHw+B8PgfB8HwfB8DwfA+HwPh8B8fAfHwDx8A+AAAAAAAAAAAAAA==',
  L: 'AAAAAAAAAAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAfgAH4AB+AAf//H//5//+f//n//5//+AAAAAAAAAAAAAA==',
  M: 'AAAAAAAAAAfAPnwD58A+fAPnwD5+B+fgfn4H5+B+fgfn8P53Dudw7ncO53jec53nud57nee53nvZ55+eefnnn555+eePHnjx548eePHnjh54YeeAHngB54AeAAAAAAAAAAAAAA==',
  N: 'AAAAAAAAAAfAHnwB5+AefgHn8B5/AefwHn+B5/gef4HnvB57wee+Hnnh554eefHnjx54+eeHnnh558fefD3nw958H+fB/nwf58D+fA/nwP58B+fAfnwD58A+AAAAAAAAAAAAAA==',
  O: 'AAAAAAAA8AA/wAf+AP/wH/+B//gfD4PgfD4Dw8A8PAPHwD54AeeAHngB54AeeAHngB54AeeAHngB58AefAPjwDw8A8PgfD4HwfD4H/+A//AP/wB/4AP8AA8AAAAAAAAAAAAAAA==',
  P: 'AAAAAAAAAAf/gH/+B//wf/+H//x8H8fAfnwD58A+fAPnwD58A+fAPnwD58B8fA/H//x//4f/8H/+B/+AfAAHwAB8AAfAAHwAB8AAfAAHwAB8AAfAAHwAB8AAAAAAAAAAAAAAAA==',
  Q: 'AAAAAAAB8AA/gAf8AP/gH/8B//AfH4Pg+DwHg8B4PAPHgDx4A8eAPHgDx4A8eAPHgDx4A8eAPHgDx4A8eAPDwDw8B4PAeDwHg+D4Hx8B//AP/gD/4Af8AD+AAPAAD4AAeAAH5A==',
  R: 'AAAAAAAAAAf/gH/+B//wf/8H//h8H4fA/HwHx8B8fAfHwHx8B8fAfHwHx8D4f/+H//B//wf/4H/8B//AfHwHw+B8PgfD4HwfB8HwfA+HwPh8D8fAfHwHx8A+AAAAAAAAAAAAAA==',
  S: 'AAAAAAAA+AA/4Af/gP/8H//B//g/A4PgED4AA+AAPgAD8AA/gAH+AB/4AP/gB/8AP/gB/8AH/AAfwAD+AAfgAD4AA+GAPhwH4+B8f//H//w//4H/8Af+AB+AAAAAAAAAAAAAAA==',
  T: 'AAAAAAAAAAf//n//5//+f//n//4//8APAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAAAAAAAAAAAAAA==',
  U: 'AAAAAAAAAAfAHnwB58AefAHnwB58AefAHnwB58AefAHnwB58AefAHnwB58AefAHnwB58AefAHnwB58A+fAPnwD58A+fAPj4Dw+B8Pw/B//wf/4D/+A//AH/gAfgAAAAAAAAAAA==',
  V: 'AAAAAAAAAAfAHnwD58A+PAPDwDw8A8PgPD4HweB4HgeB4HgeB4HweA8PAPDwDw8A8PAPDwB44AeeAHngB54AeeADnAA9wAP8AD/AA/wAH4AB+AAfgAH4AB+AAAAAAAAAAAAAAA==',
  W: 'AAAAAAAAAAcGDnBw5wcOcPDnDw448MOPDDjww48cOPHDj5w4+cOfnDn5w5+cOZnDmZwZmYGZmB2ZgdnYHZ2B+fgfn4H4+B8PgfD4Hw+A8PgPDwDw8A8PAPDwAAAAAAAAAAAAAA==',
  X: 'AAAAAAAAAAPAPD4Hw+B8HgeB8HgfD4Dw8A+PAPnwB54AfeAD/AA/wAP8AB+AAfgAH4AB+AA/wAP8AD/AB74AeeAHngDx8A8fAfD4Hg+B4Hg+B8PgfDwDx8A+AAAAAAAAAAAAAA==',
  Y: 'AAAAAAAAAAfAPjwDw8A8PgfD4HweB4HweB8PgPDwDw8A+fAHngB54AeeAD/AA/wAP8AB+AAfgAH4AA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwAA8AAAAAAAAAAAAAAA==',
  Z: 'AAAAAAAAAAP//j//4//+P//j//4f/8AA/AAPgAH4AB8AA/AAPgAH4AB8AA/AAPgAH4AB8AA/AAPgAH4AB8AA/AAPgAH4AB8AA/AAP//H//5//+f//n//5//+AAAAAAAAAAAAAA==',
  '-': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD/8A//AP/wD/8A//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==',
  ':': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA8AAfgAP8AD/AA/wAP8AB+AAfgABgAAAAAAAAAAAAAAAAAAAAAAAAAAAABgAB+AAfgAP8AD/AA/wAP8AB+AAPAAAAAAAAAAAA==',
  '.': 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADwAB+AAfgAP8AD/AA/wAP8AB+AAPAAAAAAAAAAAA==',
  '/': 'AAfAAHwAB4AAeAAPgAD4AA8AAPAAHwAB4AAeAAPgAD4AA8AAPAAHwAB8AAeAAHgAD4AA+AAPAADwAB8AAfAAHgAB4AA+AAPgADwAA8AAfAAHgAB4AA+AAPgADwAA8AAfAAHwAA==',
  '+': 'AAAAAAAAAAAAAAAAAAAAAAAADwAA8AAPAADwAA8AAPAADwAA8AAPAADwB//+f//n//5//+APAADwAA8AAPAADwAA8AAPAADwAA8AAPAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==',
};
