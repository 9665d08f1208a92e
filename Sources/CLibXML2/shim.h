#pragma once
#include <string.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/dict.h>
#include <libxml/xmlerror.h>

/// The first `byte` in `count` bytes, or NULL. `memchr` comes with Glibc, which codecs do not import.
static inline const unsigned char *ligase_find_byte(const unsigned char *bytes, unsigned char byte, size_t count) {
    return (const unsigned char *)memchr(bytes, byte, count);
}
