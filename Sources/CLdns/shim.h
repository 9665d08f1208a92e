#pragma once
// Before ldns, which otherwise defines `bool` as a signed char.
#include <stdbool.h>
#include <stdlib.h>
#include <ldns/ldns.h>

// LDNS_FREE is a macro, and the callers of this module import no C library of their own.
static inline void ligase_ldns_release(void *memory) { free(memory); }
