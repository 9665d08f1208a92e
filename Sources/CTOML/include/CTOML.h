#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// TOML 1.0 text as a flat list of nodes with the position of every key and value, behind a C interface.
/// No exception leaves this library, and neither size nor nesting is unbounded.

#ifdef __cplusplus
extern "C" {
#endif

/// A parsed text, or the one syntax error that kept it from being parsed.
typedef struct ctoml_document ctoml_document;

enum {
    CTOML_STRING = 0,
    CTOML_INTEGER = 1,
    CTOML_FLOAT = 2,
    CTOML_BOOLEAN = 3,
    CTOML_DATE_TIME = 4,
    CTOML_ARRAY = 5,
    CTOML_TABLE = 6,
};

/// Longest text that is read, in bytes.
enum { CTOML_MAXIMUM_LENGTH = 67108864 };

/// Deepest nesting of tables and arrays, and most parts of one dotted key.
enum { CTOML_MAXIMUM_DEPTH = 16 };

/// One value. The list is in pre-order: a table or an array is followed by its `children`, each with its own.
/// Pointers live as long as the document and are not terminated by NUL.
typedef struct {
    int32_t kind;
    /// The key in the surrounding table; NULL for the document itself and for elements of an array.
    const char *key;
    size_t key_length;
    uint32_t key_line;
    uint32_t key_column;
    uint32_t line;
    uint32_t column;
    /// Text of a string, in UTF-8.
    const char *text;
    size_t text_length;
    int64_t integer;
    double real;
    bool boolean;
    /// Number of direct children of a table or an array.
    size_t children;
} ctoml_node;

/// Parses `length` bytes of UTF-8. NULL only when memory is exhausted; release the result with `ctoml_free`.
ctoml_document *ctoml_parse(const char *text, size_t length);

/// The syntax error, terminated by NUL, or NULL when the text was parsed.
const char *ctoml_error(const ctoml_document *document);
uint32_t ctoml_error_line(const ctoml_document *document);
uint32_t ctoml_error_column(const ctoml_document *document);

/// The nodes in pre-order; the first is the document's own table. None after a syntax error.
size_t ctoml_count(const ctoml_document *document);
const ctoml_node *ctoml_nodes(const ctoml_document *document);

void ctoml_free(ctoml_document *document);

#ifdef __cplusplus
}
#endif
