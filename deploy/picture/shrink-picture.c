/*
 * shrink-picture MAX_BYTES <JPEG >JPEG: the same picture in at most so many bytes. It decodes and encodes line by line and scales while it decodes, so
 * that a large picture never stands in memory whole; what it may take is limited before it reads anything (docs/en/platform.md).
 *
 * Exit: 0 written · 1 no picture that it can read, or none that fits · 2 wrong words · 3 no limit can be set here
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "jpeglib.h"

/* All of its addresses, the libraries and the picture as it came among them. */
#define MEMORY_BYTES (48UL << 20)
/* Of processor time: a slow core needs two for twelve megapixels; pictures exist that take for ever. */
#define SECONDS 30
/* No camera sends more, and the rest of the memory is for the work. */
#define INPUT_MAX (12UL << 20)

struct step {
    unsigned width;
    int quality;
};
/* Tried in turn until it fits. Width 0: as it is. Night and rain are mostly noise: the last ones meet the lowest limit that can be configured. */
static const struct step STEPS[] = {{0, 80}, {1920, 75}, {1280, 70}, {960, 60}, {640, 50}, {480, 40}, {320, 30}, {320, 10}};

struct failure {
    struct jpeg_error_mgr base;
    jmp_buf back;
};

static void fail(j_common_ptr info) { longjmp(((struct failure *)info->err)->back, 1); }
static void say_nothing(j_common_ptr info) { (void)info; }

/* Into memory of a fixed size: more than fits is the end of this step. */
static void begin_output(j_compress_ptr out) { (void)out; }
static boolean output_is_full(j_compress_ptr out) {
    fail((j_common_ptr)out);
    return FALSE;
}

/* APP1 of EXIF: the only place where a camera mounted on its side says so. 1: upright. */
static int orientation_of(const struct jpeg_marker_struct *marker) {
    for (; marker != NULL; marker = marker->next) {
        const unsigned char *tiff = marker->data + 6;
        unsigned length, at, entries;
        int little;
        if (marker->data_length < 6 + 14 || memcmp(marker->data, "Exif\0", 6) != 0) continue;
        length = marker->data_length - 6;
        little = tiff[0] == 'I';
#define U16(p) (little ? (unsigned)(p)[0] | (unsigned)(p)[1] << 8 : (unsigned)(p)[0] << 8 | (unsigned)(p)[1])
        at = little ? U16(tiff + 4) | U16(tiff + 6) << 16 : U16(tiff + 4) << 16 | U16(tiff + 6);
        if (at > length - 2) continue;
        entries = U16(tiff + at);
        for (at += 2; entries > 0 && at + 12 <= length; entries -= 1, at += 12)
            if (U16(tiff + at) == 0x0112) {
                unsigned value = U16(tiff + at + 8);
                return value >= 1 && value <= 8 ? (int)value : 1;
            }
    }
    return 1;
}

/* Line `y` of the picture as it stands upright, out of the whole of it as it lies. */
static void upright_line(JSAMPROW line, unsigned width, unsigned y, const JSAMPLE *lying, unsigned lying_width, unsigned lying_height, int parts,
                         int orientation) {
    unsigned x;
    for (x = 0; x < width; x += 1) {
        unsigned u = orientation >= 5 ? y : x, v = orientation >= 5 ? x : y;
        if (orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8) u = lying_width - 1 - u;
        if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7) v = lying_height - 1 - v;
        memcpy(line + (size_t)x * parts, lying + ((size_t)v * lying_width + u) * parts, parts);
    }
}

/* What a step holds; outside of it, so that it is given back also after a jump. */
static struct jpeg_decompress_struct in;
static struct jpeg_compress_struct out;
static struct failure failure;
static JSAMPLE *lying;
static JSAMPROW line;

/* The largest eighth of its size that is not wider than the step allows; 0 when that is the size of the step before. */
static unsigned eighths_of(unsigned width) {
    unsigned eighths = 8;
    if (width != 0)
        while (eighths > 1 && (in.image_width * (unsigned long)eighths + 7) / 8 > width) eighths -= 1;
    return eighths;
}

static void begin_reading(const unsigned char *bytes, size_t length, const struct step *step) {
    in.err = jpeg_std_error(&failure.base);
    failure.base.error_exit = fail;
    failure.base.output_message = say_nothing;
    jpeg_create_decompress(&in);
    jpeg_mem_src(&in, bytes, length);
    jpeg_save_markers(&in, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(&in, TRUE);
    in.scale_num = eighths_of(step->width);
    in.scale_denom = 8;
    /* Between decoder and encoder nothing looks at colours. */
    if (in.jpeg_color_space == JCS_YCbCr) in.out_color_space = JCS_YCbCr;
    jpeg_start_decompress(&in);
}

static void begin_writing(unsigned char *room, size_t max, int quality, int orientation, struct jpeg_destination_mgr *destination) {
    out.err = &failure.base;
    jpeg_create_compress(&out);
    destination->next_output_byte = room;
    destination->free_in_buffer = max;
    destination->init_destination = begin_output;
    destination->empty_output_buffer = output_is_full;
    destination->term_destination = begin_output;
    out.dest = destination;
    out.image_width = orientation >= 5 ? in.output_height : in.output_width;
    out.image_height = orientation >= 5 ? in.output_width : in.output_height;
    out.input_components = in.output_components;
    out.in_color_space = in.out_color_space;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, quality, TRUE);
    jpeg_start_compress(&out, TRUE);
}

static void through_whole_picture(int orientation) {
    size_t bytes_a_line = (size_t)in.output_width * in.output_components;
    if ((lying = malloc(bytes_a_line * in.output_height)) == NULL) fail((j_common_ptr)&in);
    while (in.output_scanline < in.output_height) {
        JSAMPROW to = lying + in.output_scanline * bytes_a_line;
        jpeg_read_scanlines(&in, &to, 1);
    }
    while (out.next_scanline < out.image_height) {
        upright_line(line, out.image_width, out.next_scanline, lying, in.output_width, in.output_height, in.output_components, orientation);
        jpeg_write_scanlines(&out, &line, 1);
    }
}

/* The bytes written into `room`; 0: it does not fit, or cannot be read. */
static size_t shrink(const unsigned char *bytes, size_t length, unsigned char *room, size_t max, const struct step *step) {
    struct jpeg_destination_mgr destination;
    volatile size_t written = 0;
    lying = NULL;
    line = NULL;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    if (setjmp(failure.back) == 0) {
        int orientation;
        begin_reading(bytes, length, step);
        orientation = orientation_of(in.marker_list);
        begin_writing(room, max, step->quality, orientation, &destination);
        if ((line = malloc((size_t)out.image_width * out.input_components)) == NULL) fail((j_common_ptr)&in);
        if (orientation != 1) through_whole_picture(orientation);
        else
            while (in.output_scanline < in.output_height) {
                jpeg_read_scanlines(&in, &line, 1);
                jpeg_write_scanlines(&out, &line, 1);
            }
        jpeg_finish_compress(&out);
        written = max - destination.free_in_buffer;
    }
    free(lying);
    free(line);
    jpeg_destroy_compress(&out);
    jpeg_destroy_decompress(&in);
    return written;
}

static int limit(int what, rlim_t value) {
    struct rlimit both = {value, value};
    return setrlimit(what, &both);
}

int main(int count, char **words) {
    char *end = NULL;
    size_t max = count == 2 ? strtoul(words[1], &end, 10) : 0, length, step;
    unsigned char *bytes, *room;
    if (max == 0 || max > INPUT_MAX || *end != '\0') return 2;
    if (limit(RLIMIT_AS, MEMORY_BYTES) != 0 || limit(RLIMIT_CPU, SECONDS) != 0 || limit(RLIMIT_CORE, 0) != 0) return 3;
    /* Untouched pages of it cost addresses and no memory; after the reading they are given back. */
    if ((bytes = malloc(INPUT_MAX + 1)) == NULL) return 1;
    length = fread(bytes, 1, INPUT_MAX + 1, stdin);
    if (length == 0 || length > INPUT_MAX) return 1;
    if ((bytes = realloc(bytes, length)) == NULL || (room = malloc(max)) == NULL) return 1;
    for (step = 0; step < sizeof STEPS / sizeof *STEPS; step += 1) {
        size_t written = shrink(bytes, length, room, max, &STEPS[step]);
        if (written > 0) return fwrite(room, 1, written, stdout) == written && fflush(stdout) == 0 ? 0 : 1;
    }
    return 1;
}
